// The way to the mail server: SMTP as `SMTP_URL` says. In development without one, every mail counts as sent and is
// read in the mailbox page; in production without one, mail waits until there is one.
import { createTransport } from "nodemailer";
import type { Config } from "../server/config.ts";
import type { TakenMail } from "../server/domain/mail/mail.ts";

export interface Mailer {
  /** Whether there is somewhere to send to. */
  ready: boolean;
  /** Whether the text of a sent mail is kept for the mailbox of development. */
  keepsText: boolean;
  /**
   * Hands a mail over.
   *
   * @throws MailRefused, or any other error when trying again later makes sense
   */
  send(mail: TakenMail): Promise<void>;
  close(): void;
}

/** The mail server will never take this mail. */
export class MailRefused extends Error {}

/** How long the mail server may take to answer; milliseconds. */
const PATIENCE = 20_000;

/** Opens the way to the mail server of the configuration. */
export function openMailer(
  config: Pick<Config, "SMTP_URL" | "MAIL_FROM" | "PUBLIC_URL" | "development">,
): Mailer {
  const keepsText = config.development ?? false;
  if (!config.SMTP_URL) {
    return { ready: keepsText, keepsText, send: () => Promise.resolve(), close: () => {} };
  }
  const transport = createTransport({
    url: config.SMTP_URL,
    pool: true,
    maxConnections: 5,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  const domain = new URL(config.PUBLIC_URL).hostname;
  return {
    ready: true,
    keepsText,
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({
          from: config.MAIL_FROM,
          // As an address of its own, so that nothing in it is read as several.
          to: { name: "", address: to },
          subject,
          text,
          // The same on every try, so that a mail which arrives twice is shown once.
          messageId: `<mail-${id}@${domain}>`,
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        const status = (error as { responseCode?: number }).responseCode ?? 0;
        if (status >= 500) throw new MailRefused((error as Error).message);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
