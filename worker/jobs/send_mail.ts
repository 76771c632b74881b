// Sends the mail that is due, several at a time, so that one slow delivery does not hold up the others.
import type { Context } from "../../server/domain/context.ts";
import { noteFailure, noteSent, takeMails, type TakenMail } from "../../server/domain/mail/mail.ts";
import { type Mailer, MailRefused } from "../mailer.ts";

/** Mails taken at a time. */
const MOST = 20;

export async function sendMailJob(ctx: Context, { mailer }: { mailer: Mailer }) {
  if (!mailer.ready) return { sent: 0, failed: 0 };
  const mails = await takeMails(ctx, MOST);
  const sent = await Promise.all(mails.map((mail) => send(ctx, mailer, mail)));
  return { sent: sent.filter(Boolean).length, failed: sent.filter((good) => !good).length };
}

async function send(ctx: Context, mailer: Mailer, mail: TakenMail): Promise<boolean> {
  try {
    await mailer.send(mail);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await noteFailure(ctx, mail, { reason, forGood: error instanceof MailRefused });
    return false;
  }
  await noteSent(ctx, mail.id, { keepText: mailer.keepsText });
  return true;
}
