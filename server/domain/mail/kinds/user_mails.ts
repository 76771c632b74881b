// Mails to users of apps about their accounts.
import { brandName, hourLink, type MailDefinition, recipientName } from "./definition.ts";

const common = { name: recipientName, brand: brandName } as const;
const expiry =
  "This link expires in 1 hour and can be used once. Only the latest link works. Didn’t request it? You can ignore this email.";

export const userMails = {
  signInLink: {
    title: "Sign-in link",
    description: "A user requested a link to sign in",
    audience: "users",
    variables: { ...common, link: hourLink },
    required: ["link"],
    subject: "Your sign-in link",
    body: `Hello {{name}},

Use this link to sign in.

[Sign in]({{link}})

If the app asks for a sign-in code, the page of the link shows it.

${expiry}`,
  },
  registrationLink: {
    title: "Registration",
    description: "A person registered with an address that has no account",
    audience: "users",
    variables: { ...common, link: hourLink },
    required: ["link"],
    subject: "Verify your email address",
    body: `Hello {{name}},

Verify your email address and choose a password to create your account.

[Verify email address]({{link}})

${expiry}`,
  },
  existingAccount: {
    title: "Registration with an existing account",
    description: "A person registered with an address that has an account",
    audience: "users",
    variables: {
      ...common,
      link: hourLink,
      passwordPage: {
        description: "The page to request a new password",
        sample: "https://licenses.example.com/account/password",
        form: "link",
      },
    },
    required: ["link"],
    subject: "You already have an account",
    body: `Hello {{name}},

Someone, probably you, tried to register with this address, which already has an account.

[Sign in]({{link}})

Forgot your password? Reset it here: {{passwordPage}}

${expiry}`,
  },
  passwordLink: {
    title: "Password reset of a user",
    description: "A user requested a link to choose a new password",
    audience: "users",
    variables: { ...common, link: hourLink },
    required: ["link"],
    subject: "Reset your password",
    body: `Hello {{name}},

Use this link to choose a new password. This signs you out everywhere else.

[Reset password]({{link}})

${expiry}`,
  },
  failedSignIns: {
    title: "Failed sign-ins",
    description: "Sign-ins to the account of a user or administrator failed repeatedly",
    audience: "users",
    variables: {
      ...common,
      failures: { description: "What failed, and how often", sample: "The password was wrong 10 times." },
      at: { description: "The time of the last attempt", sample: "25 Nov 2026, 21:08 UTC" },
      network: { description: "The IP address of the last attempt", sample: "198.51.100.7" },
      advice: {
        description: "How the owner of the account gets in",
        sample: "You can sign in with an emailed link at any time.",
      },
    },
    required: ["failures"],
    subject: "Failed sign-ins to your account",
    body: `Hello {{name}},

Someone tried to sign in to your account several times and failed. {{failures}}
The last attempt was on {{at}} from the IP address {{network}}.

Each further attempt has to wait longer. {{advice}}

If this was you, you can ignore this email.`,
  },
} as const satisfies Record<string, MailDefinition>;
