// Mails to administrators about their accounts, and to owners about alerts.
import { brandName, hourLink, type MailDefinition, recipientName } from "./definition.ts";

const common = { name: recipientName, brand: brandName } as const;
const alertsLink = {
  description: "The page with all alerts",
  sample: "https://licenses.example.com/monitoring",
  form: "link",
  isOptional: true,
} as const;

export const administratorMails = {
  administratorInvitation: {
    title: "Invitation of an administrator",
    description: "An owner invited a person to the panel",
    audience: "administrators",
    variables: {
      ...common,
      inviter: { description: "Name of the owner who invites", sample: "Alex Demo" },
      team: {
        description: "The name in the settings, with “on Latchkey” where it is another",
        sample: "Pixel Press on Latchkey",
      },
      role: { description: "The role", sample: "Viewer" },
      link: {
        description: "The link; it expires after 7 days and can be used once",
        sample: "https://licenses.example.com/invitation?token=q1w2…",
        form: "link",
      },
      expiresAt: { description: "When the link expires", sample: "2 Dec 2026, 21:08 UTC" },
    },
    required: ["link"],
    subject: "{{inviter}} invited you to {{brand}}",
    body: `Hello {{name}},

{{inviter}} invited you to join {{team}} as {{role}}. Accept the invitation and choose a password.

[Accept invitation]({{link}})

The link expires on {{expiresAt}}. Didn’t expect this? You can ignore this email.`,
  },
  administratorPasswordLink: {
    title: "Password reset of an administrator",
    description: "An administrator requested a link to choose a new password",
    audience: "administrators",
    variables: { ...common, link: hourLink },
    required: ["link"],
    subject: "Reset your password",
    body: `Hello {{name}},

Use this link to choose a new password for your administrator account. This signs you out everywhere. Two-factor authentication stays on.

[Reset password]({{link}})

This link expires in 1 hour and can be used once. Only the latest link works. Didn’t request it? You can ignore this email.`,
  },
  administratorPasswordChanged: {
    title: "Password changed",
    description: "The password of an administrator was changed",
    audience: "administrators",
    variables: {
      ...common,
      at: { description: "When it was changed", sample: "25 Nov 2026, 21:08 UTC" },
      means: { description: "What permitted it", sample: "with the old password" },
    },
    required: [],
    subject: "Your password was changed",
    body: `Hello {{name}},

The password of your account was changed on {{at}}, {{means}}. All other sessions and access tokens of the account have ended.

If this was you, you can ignore this email. If not, contact an owner immediately: an owner can disable the account.`,
  },
  administratorIdentityLinked: {
    title: "Identity provider linked",
    description: "An administrator signed in with the identity provider for the first time",
    audience: "administrators",
    variables: {
      ...common,
      provider: { description: "Name of the identity provider", sample: "Company sign-in" },
      issuer: { description: "Its issuer", sample: "login.example.com" },
    },
    required: [],
    subject: "You can sign in with {{provider}}",
    body: `Hello {{name}},

Your administrator account is now linked to your account at {{provider}} ({{issuer}}), which was used to sign in.

If this was you, you can ignore this email. If not, contact an owner immediately: an owner can disable the account and remove the link.`,
  },
  alertRaised: {
    title: "Alert",
    description: "A condition needs attention; owners get it, and others who turned it on",
    audience: "administrators",
    variables: {
      ...common,
      severity: { description: "Critical or Warning", sample: "Critical" },
      message: { description: "What is wrong", sample: "Redis is not responding" },
      startedAt: { description: "When it started", sample: "25 Nov 2026, 21:08 UTC" },
      link: alertsLink,
    },
    required: ["message"],
    subject: "[{{severity}}] {{message}}",
    body: `{{message}}

Started {{startedAt}}. You’ll be notified when it is resolved.

[View alerts]({{link}})`,
  },
  alertResolved: {
    title: "Alert resolved",
    description: "The condition of an alert no longer holds; those who get emails about alerts get it",
    audience: "administrators",
    variables: {
      ...common,
      message: { description: "What was wrong", sample: "Redis is not responding" },
      startedAt: { description: "When it started", sample: "25 Nov 2026, 21:08 UTC" },
      resolvedAt: { description: "When it was resolved", sample: "25 Nov 2026, 21:21 UTC" },
      link: alertsLink,
    },
    required: ["message"],
    subject: "[Resolved] {{message}}",
    body: `Resolved: {{message}}

Started {{startedAt}}, resolved {{resolvedAt}}.

[View alerts]({{link}})`,
  },
} as const satisfies Record<string, MailDefinition>;
