// The mails about an administrator's password.
import type { Context } from "../context.ts";
import type { Mail } from "../mail/mail.ts";

type MailText = Pick<Mail, "subject" | "text">;

const means = {
  password: "with the old password",
  link: "with a link that was sent to this address",
  "command line": "by the operator of the server, on its command line",
};

/** Tells that a password was changed. */
export function passwordChangedMail(
  { now }: Pick<Context, "now">,
  name: string,
  by: keyof typeof means,
): MailText {
  return {
    subject: "Your password was changed",
    text: `Hello ${name},

the password of your account was changed on ${now.toISOString().slice(0, 16).replace("T", " at ")} UTC, ${
      means[by]
    }. All other sessions and access tokens of the account have ended.

If it was you, there is nothing to do. If not, tell an owner at once: an owner can disable the account.
`,
  };
}

/** The mail with a link to choose a new password. */
export function passwordLinkMail(name: string, publicUrl: string, token: string): MailText {
  return {
    subject: "Choose a new password",
    text: `Hello ${name},

someone, probably you, asked for a new password for your administrator account. Choose it here:

${publicUrl}/reset-password?token=${token}

The link expires in one hour and can be used once. A newer link replaces it. All your sessions end with the new password, and a second factor stays required. If you did not request it, ignore this email.
`,
  };
}
