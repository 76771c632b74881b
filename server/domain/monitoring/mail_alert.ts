// Mail about an alert: to owners, and to other administrators who turned it on.
import type { Context } from "../context.ts";
import { writeInstant } from "../mail/local_time.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { findTimeZone } from "../mail/reader_time_zone.ts";
import { kindOfAlert } from "../events/catalogue/notification_kinds.ts";
import { listMailRecipients } from "../notifications/settings.ts";

/**
 * Sends the mail that an alert was raised or resolved to everyone who wants it; call it in the transaction that does so.
 *
 * @param page the address of the panel's page; null where it is not known
 */
export async function mailAlert(
  ctx: Context,
  kind: "alertRaised" | "alertResolved",
  alert: { kind: string; subject: string; severity: "warning" | "critical"; message: string; raisedAt: Date },
  page: string | null,
): Promise<void> {
  const { severity, message, raisedAt } = alert;
  for (const { id, email, name } of await listMailRecipients(ctx, kindOfAlert(alert))) {
    const timeZone = await findTimeZone(ctx, id);
    const values = {
      name: greetingName(name),
      message,
      startedAt: writeInstant(raisedAt, timeZone),
      link: page,
    };
    if (kind === "alertResolved") {
      const resolvedAt = writeInstant(ctx.now, timeZone);
      await queueMail(ctx, { kind, to: email, values: { ...values, resolvedAt } });
    } else {
      const word = severity === "critical" ? "Critical" : "Warning";
      await queueMail(ctx, { kind, to: email, values: { ...values, severity: word } });
    }
  }
}
