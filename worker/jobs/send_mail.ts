// Sends the mails that are due, several at a time, so that one slow delivery does not delay the others.
import type { Context } from "../../server/domain/context.ts";
import { type ClaimedMail, claimMails, saveFailure, saveSent } from "../../server/domain/mail/mail.ts";
import { type Mailer, MailRejected } from "../mailer.ts";

/** Mails claimed at a time. */
const BATCH = 20;

export async function sendMails(ctx: Context, { mailer }: { mailer: Mailer }) {
  if (!mailer.isReady) return { sent: 0, failed: 0 };
  const mails = await claimMails(ctx, BATCH);
  const sent = await Promise.all(mails.map((mail) => send(ctx, mailer, mail)));
  return { sent: sent.filter(Boolean).length, failed: sent.filter((isSent) => !isSent).length };
}

async function send(ctx: Context, mailer: Mailer, mail: ClaimedMail): Promise<boolean> {
  try {
    await mailer.send(mail);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await saveFailure(ctx, mail, { reason, isPermanent: error instanceof MailRejected });
    return false;
  }
  await saveSent(ctx, mail.id, { keepText: mailer.keepsText });
  return true;
}
