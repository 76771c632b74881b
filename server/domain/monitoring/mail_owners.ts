// Mail about an alert to all owners.
import type { Context } from "../context.ts";
import { writeInstant } from "../mail/local_time.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { findTimeZone } from "../mail/reader_time_zone.ts";

/**
 * Sends the mail about a new alert to every owner; call it in the transaction that raises it.
 *
 * @param alert.page the address of the panel's page; none where it is not known
 */
export async function mailOwners(
  ctx: Context,
  { severity, message, page }: { severity: "warning" | "critical"; message: string; page: string | null },
): Promise<void> {
  const owners = await ctx.db<{ id: number; email: string; name: string }[]>`
    select id, email, name
    from administrators
    where role = 'owner' and disabled_at is null
    order by id`;
  for (const { id, email, name } of owners) {
    await queueMail(ctx, {
      kind: "alertRaised",
      to: email,
      values: {
        name: greetingName(name),
        severity: severity === "critical" ? "Critical" : "Warning",
        message,
        startedAt: writeInstant(ctx.now, await findTimeZone(ctx, id)),
        link: page,
      },
    });
  }
}
