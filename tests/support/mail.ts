// A real SMTP receiver on a free port, and what it received.
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { eventually } from "./test.ts";

export interface ReceivedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  id: string;
}

export interface MailReceiver {
  url: string;
  received: ReceivedMail[];
  /** The next mail to that address that no one has waited for yet. */
  next(to: string): Promise<ReceivedMail>;
  /** What to answer to the next mails: an SMTP status, or null to take them. */
  answer(status: number | null): void;
  stop(): Promise<void>;
}

/** Starts a receiver. */
export async function startMailReceiver(): Promise<MailReceiver> {
  const received: ReceivedMail[] = [];
  const waitedFor = new Set<ReceivedMail>();
  let status: number | null = null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
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
          id: mail.messageId ?? "",
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
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
