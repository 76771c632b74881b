// The mails with links.
import type { Mail } from "../mail/mail.ts";

export type LinkPurpose = "sign_in" | "register" | "password";

interface LinkText {
  /** The path below the account pages. */
  path: string;
  subject: string;
  first: string;
  last: string;
}

function textOf(purpose: LinkPurpose): LinkText {
  switch (purpose) {
    case "sign_in":
      return {
        path: "link",
        subject: "Your sign-in link",
        first: "Open this link to sign in:",
        last: "If the app requires a sign-in code, the page of the link shows it.",
      };
    case "register":
      return {
        path: "register",
        subject: "Confirm your address",
        first: "Open this link to confirm your address and choose a password:",
        last: "Until you do, there is no account.",
      };
    case "password":
      return {
        path: "password",
        subject: "Choose a new password",
        first: "Open this link to choose a new password:",
        last: "When you do, you are signed out everywhere else.",
      };
  }
}

type MailText = Pick<Mail, "subject" | "text">;

/** The mail with a requested link. */
export function linkMail(purpose: LinkPurpose, pages: string, token: string): MailText {
  const { subject, first, last } = textOf(purpose);
  return { subject, text: write([first, link(purpose, pages, token), last]) };
}

/** The mail for a registration with the address of an account. */
export function welcomeBackMail(purpose: LinkPurpose, pages: string, token: string): MailText {
  return {
    subject: "You already have an account",
    text: write([
      "Someone, probably you, tried to register with this address, which already has an account.",
      `Open this link to sign in to it:\n\n${link(purpose, pages, token)}`,
      `If you forgot your password, you can choose a new one:\n\n${pages}/password`,
    ]),
  };
}

function link(purpose: LinkPurpose, pages: string, token: string): string {
  return `${pages}/${textOf(purpose).path}/${token}`;
}

function write(paragraphs: string[]): string {
  return [
    "Hello,",
    ...paragraphs,
    "This link expires in one hour and can be used once. A newer link replaces it. If you did not request it, ignore this email.",
  ].join("\n\n") + "\n";
}
