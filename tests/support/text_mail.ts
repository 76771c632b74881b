// A mail of plain text, without template and layout, for tests of how mail is sent and stored.
import type { Context } from "../../server/domain/context.ts";
import { insertMail } from "../../server/domain/mail/mail.ts";

/** Queues a mail as it is. */
export async function queueTextMail(
  ctx: Context,
  mail: { to: string; subject: string; text: string; until?: Date },
): Promise<void> {
  await insertMail(ctx, { kind: "test", html: "", replyTo: "", unsubscribe: null, ...mail });
}
