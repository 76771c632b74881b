// The mail client: SMTP by `SMTP_URL`. Without it, in development every mail counts as sent and is read on the mailbox
// page; in production mail waits until there is a server.
import { lazy } from "../server/domain/lazy.ts";
import type { Config } from "../server/config.ts";
import type { ClaimedMail } from "../server/domain/mail/mail.ts";

export interface Mailer {
  /** Whether there is a server to send to. */
  isReady: boolean;
  /** Whether the text of a sent mail is stored for the mailbox of development. */
  keepsText: boolean;
  /**
   * Sends a mail.
   *
   * @param at the time in its header, of the database
   * @throws MailRejected, or any other error when trying again later makes sense
   */
  send(mail: ClaimedMail, at: Date): Promise<void>;
  close(): void;
}

/** The mail server rejects this mail permanently. */
export class MailRejected extends Error {}

/** What nodemailer adds to an error: the server's answer, and the command that it answered. */
type SmtpError = Error & { responseCode?: number; command?: string; code?: string };

/**
 * Whether a mail server refuses this recipient or this mail for good (RFC 5321, section 4.2.1: 5yz). The same status to a
 * greeting, a sign-in or our sender is about the configuration: the mail waits until that is corrected.
 */
function isPermanent({ responseCode = 0, command = "", code }: SmtpError): boolean {
  if (code === "EENVELOPE" && responseCode === 0) return true;
  return responseCode >= 500 && /^(?:RCPT TO|DATA)/.test(command);
}

/** With these a mail program offers to unsubscribe, and does it with one request (RFC 2369, RFC 8058). */
function unsubscribeHeaders(link: string | null): Record<string, string> {
  return link === null
    ? {}
    : { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
}

/** How long the mail server may take to answer; milliseconds. */
const TIMEOUT = 20_000;

/** The client of the configured mail server. */
export function openMailer(
  config: Pick<Config, "SMTP_URL" | "MAIL_FROM" | "PUBLIC_URL" | "development">,
): Mailer {
  const keepsText = config.development ?? false;
  if (!config.SMTP_URL) {
    return { isReady: keepsText, keepsText, send: () => Promise.resolve(), close: () => {} };
  }
  let close = () => {};
  const openTransport = lazy(() =>
    import("nodemailer").then(({ createTransport }) => {
      const transport = createTransport({
        url: config.SMTP_URL,
        pool: true,
        maxConnections: 5,
        connectionTimeout: TIMEOUT,
        greetingTimeout: TIMEOUT,
        socketTimeout: TIMEOUT,
      });
      close = () => transport.close();
      return transport;
    })
  );
  const domain = new URL(config.PUBLIC_URL).hostname;
  return {
    isReady: true,
    keepsText,
    async send({ id, eventUid, to, subject, text, html, replyTo, unsubscribe }, at) {
      const transport = await openTransport();
      try {
        await transport.sendMail({
          from: config.MAIL_FROM,
          // An address object, so that a comma in it does not make two addresses.
          to: { name: "", address: to },
          replyTo: replyTo || undefined,
          subject,
          // Both are sent (multipart/alternative, RFC 2046, section 5.1.4).
          text,
          html: html || undefined,
          date: at,
          // The same on every attempt, so that a mail that arrives twice is shown once; the same after a restore as well,
          // where an event is recorded again.
          messageId: `<${eventUid === null ? `mail-${id}` : `event-${eventUid}`}@${domain}>`,
          headers: { "Auto-Submitted": "auto-generated", ...unsubscribeHeaders(unsubscribe) },
        });
      } catch (error) {
        if (isPermanent(error as SmtpError)) throw new MailRejected((error as Error).message);
        throw error;
      }
    },
    close: () => close(),
  };
}
