// A real SMTP server on a free port that keeps the mails it receives.
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { eventually } from "./test.ts";

export interface ReceivedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  replyTo: string;
  /** The lines of the header, names in lower case. */
  headers: Record<string, string>;
  id: string;
  date: Date | undefined;
}

export interface MailReceiver {
  url: string;
  received: ReceivedMail[];
  /** Waits for the next mail to that address; each mail is returned once. */
  next(to: string): Promise<ReceivedMail>;
  /** Sets the SMTP status for the next mails; null accepts them. */
  answer(status: number | null): void;
  /** Refuses these recipients at RCPT TO, or the sign-in or the sender, with that status. */
  refuse(given: { recipient?: [address: string, status: number]; sender?: number } | null): void;
  stop(): Promise<void>;
}

/** Starts an SMTP server. */
export async function startMailReceiver(): Promise<MailReceiver> {
  const received: ReceivedMail[] = [];
  const waitedFor = new Set<ReceivedMail>();
  let status: number | null = null;
  let refused: { recipient?: [address: string, status: number]; sender?: number } | null = null;
  const refusal = (status: number) =>
    Object.assign(new Error("mailbox unavailable"), { responseCode: status });
  const server = new SMTPServer({
    onMailFrom: (_address, _session, done) => done(refused?.sender ? refusal(refused.sender) : undefined),
    onRcptTo({ address }, _session, done) {
      const [recipient, status] = refused?.recipient ?? [];
      done(recipient === address ? refusal(status!) : undefined);
    },
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    // A server without SMTPUTF8 takes A-labels only.
    hideSMTPUTF8: true,
    onData(stream, session, done) {
      simpleParser(stream).then((mail) => {
        if (status !== null) {
          return done(Object.assign(new Error("not this one"), { responseCode: status }));
        }
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address).join(", "),
          from: mail.from?.text ?? "",
          subject: mail.subject ?? "",
          text: mail.text ?? "",
          html: mail.html || "",
          replyTo: mail.replyTo?.text ?? "",
          headers: Object.fromEntries(
            mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(":") + 1).trim()]),
          ),
          id: mail.messageId ?? "",
          date: mail.date,
        });
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    async next(to) {
      const mail = await eventually(() =>
        Promise.resolve(received.find((mail) => mail.to === to && !waitedFor.has(mail)))
      );
      waitedFor.add(mail);
      return mail;
    },
    answer: (given) => status = given,
    refuse: (given) => refused = given,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
