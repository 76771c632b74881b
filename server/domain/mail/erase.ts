// Erasure of mail.
import type { Context } from "../context.ts";

/** Deletes all mail to an address, sent or waiting. */
export async function deleteMailsTo(ctx: Context, email: string): Promise<void> {
  await ctx.db`
    delete from mails
    where lower(recipient) = ${email}`;
}
