// Forgets mails that were sent or given up a month ago.
import type { Context } from "../../server/domain/context.ts";
import { forgetMails } from "../../server/domain/mail/mail.ts";

export async function forgetMailsJob(ctx: Context) {
  return { forgotten: await forgetMails(ctx) };
}
