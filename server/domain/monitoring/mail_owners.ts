// Mail to all owners.
import type { Context } from "../context.ts";
import { queueMail } from "../mail/mail.ts";

/** Sends a mail to every owner; call it in the transaction it belongs to. */
export async function mailOwners(ctx: Context, mail: { subject: string; text: string }): Promise<void> {
  const owners = await ctx.db<{ email: string }[]>`
    select email
    from administrators
    where role = 'owner' and disabled_at is null
    order by id`;
  for (const { email } of owners) await queueMail(ctx, { ...mail, to: email });
}
