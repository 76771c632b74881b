// Sends the mails that are due, several at a time, so that one slow delivery does not delay the others.
import { inSpan, SpanKind } from "../../db/tracing.ts";
import type { Context } from "../../server/domain/context.ts";
import {
  type ClaimedMail,
  claimMails,
  MAIL_LEASE,
  renewMails,
  saveFailure,
  saveSent,
} from "../../server/domain/mail/mail.ts";
import type { JobServices } from "../job_services.ts";
import { keepLease } from "../keep_lease.ts";
import { MailRejected } from "../mailer.ts";

/** Mails claimed at a time. */
const BATCH = 20;

export async function sendMails(ctx: Context, { mailer, now }: Pick<JobServices, "mailer" | "now">) {
  if (!mailer.isReady) return { sent: 0, failed: 0 };
  const sending = new Set(await claimMails(ctx, BATCH));
  if (sending.size === 0) return { sent: 0, failed: 0 };
  const lease = keepLease(MAIL_LEASE, () => renewMails({ ...ctx, now: now() }, [...sending]));
  try {
    const sent = await Promise.all(
      [...sending].map((mail) => send(ctx, { mailer, now }, mail).finally(() => sending.delete(mail))),
    );
    return { sent: sent.filter(Boolean).length, failed: sent.filter((isSent) => !isSent).length };
  } finally {
    lease.stop();
  }
}

async function send(
  ctx: Context,
  { mailer, now }: Pick<JobServices, "mailer" | "now">,
  mail: ClaimedMail,
): Promise<boolean> {
  try {
    const options = { kind: SpanKind.PRODUCER, parent: mail.traceparent };
    await inSpan("send mail", options, () => mailer.send(mail, now()));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await saveFailure({ ...ctx, now: now() }, mail, { reason, isPermanent: error instanceof MailRejected });
    return false;
  }
  await saveSent({ ...ctx, now: now() }, mail.id, { keepText: mailer.keepsText });
  return true;
}
