// Mails to those who bought: about a license, its expiry and its devices. Each kind is sent only while its setting is on, and
// every recipient can unsubscribe from it.
import { brandName, type MailDefinition, recipientName } from "./definition.ts";

const product = { description: "Name of the product", sample: "Pixel Press" } as const;
const plan = {
  description: "Name of the plan, if there is one",
  sample: "Studio",
  isOptional: true,
} as const;
/** The last characters of the keys, for mail that need not open anything. */
const license = {
  description: "The license keys, masked",
  sample: ["****-****-****-8F2K"],
  form: "key",
} as const;
const accountPage = {
  description: "The account page, for recipients who have an account",
  sample: "https://licenses.example.com/account",
  form: "link",
  isOptional: true,
} as const;
const expiresOn = {
  description: "The last day of the license; none when it never expires",
  sample: "25 November 2027",
  isOptional: true,
} as const;
const lastDay = { description: "The last day of the license", sample: "25 November 2027" } as const;
const lastGraceDay = {
  description: "The last day of the grace period, in which the license still works",
  sample: "9 December 2027",
} as const;
const graceEnds = { ...lastGraceDay, isOptional: true } as const;
const common = { name: recipientName, brand: brandName, product, plan } as const;

export const customerMails = {
  licenseDelivered: {
    title: "License delivered",
    description: "A license was created for the customer",
    audience: "customers",
    variables: {
      ...common,
      licenseKey: { description: "The license keys", sample: ["K7QM-2R9X-WD4T-8F2K"], form: "key" },
      devices: { description: "The activation limit", sample: "5 devices" },
      expiresOn,
    },
    required: ["licenseKey"],
    subject: "Your license for {{product}}",
    body: `Hello {{name}},

Thank you for choosing {{product}}. This is your license key:

{{licenseKey}}

Enter it in the app to activate it. It can be activated on {{devices}}.

Plan: {{plan}}

Expires: {{expiresOn}}

Keep this email: you will need the key when you change devices.`,
  },
  licenseExpiring: {
    title: "License expiring",
    description: "A license expires in 30, 7 or 1 days",
    audience: "customers",
    variables: {
      ...common,
      license,
      timeLeft: { description: "How long it is valid", sample: "7 days" },
      expiresOn: lastDay,
      graceEnds,
    },
    required: ["expiresOn"],
    subject: "{{product}}: your license expires in {{timeLeft}}",
    body: `Hello {{name}},

Your license for {{product}} expires in {{timeLeft}}, on {{expiresOn}}.

License:
{{license}}

Renew it by then to avoid an interruption.

After that day it still works until {{graceEnds}}.`,
  },
  licenseInGrace: {
    title: "License in grace period",
    description: "A license expired the day before and still works for the days of its grace period",
    audience: "customers",
    variables: { ...common, license, expiresOn: lastDay, graceEnds: lastGraceDay },
    required: ["graceEnds"],
    subject: "{{product}}: your license has expired and works until {{graceEnds}}",
    body: `Hello {{name}},

The last day of your license for {{product}} was {{expiresOn}}. It still works until {{graceEnds}}.

License:
{{license}}

Renew it by then to avoid an interruption.`,
  },
  licenseExpired: {
    title: "License expired",
    description: "A license, and its grace period if it has one, ended the day before",
    audience: "customers",
    variables: {
      ...common,
      license,
      expiresOn: lastDay,
    },
    required: [],
    subject: "{{product}}: your license has expired",
    body: `Hello {{name}},

Your license for {{product}} has expired. Its last day was {{expiresOn}}.

License:
{{license}}

Renew it to continue. Your devices stay activated and work again as soon as it is renewed.`,
  },
  licenseRenewed: {
    title: "License renewed",
    description: "The expiration date of a license was moved to a later day",
    audience: "customers",
    variables: { ...common, license, expiresOn },
    required: [],
    subject: "{{product}}: your license was renewed",
    body: `Hello {{name}},

Your license for {{product}} was renewed. There is nothing you need to do.

License:
{{license}}

New expiration date: {{expiresOn}}`,
  },
  limitReached: {
    title: "Activation limit reached",
    description: "All activations of a license for more than one device are used",
    audience: "customers",
    variables: {
      ...common,
      license,
      devices: { description: "How many devices are activated", sample: "5 of 5 devices" },
      accountPage,
    },
    required: [],
    subject: "{{product}}: activation limit reached",
    body: `Hello {{name}},

Your license for {{product}} is in use on all the devices it allows: {{devices}}. No further device can be activated.

License:
{{license}}

To use it on another device, deactivate one that you no longer need, or contact us to raise the limit.

[Manage devices]({{accountPage}})`,
  },
  usageReached: {
    title: "Metered use",
    description: "80, 90 or 100 percent of a meter's limit are used in its period",
    audience: "customers",
    variables: {
      ...common,
      license,
      meter: { description: "Name of the meter", sample: "exports" },
      share: { description: "How much of the limit is used", sample: "80 %" },
      used: { description: "What is used of the limit", sample: "800 of 1,000" },
      accountPage,
    },
    required: ["meter"],
    subject: "{{product}}: {{share}} of {{meter}} used",
    body: `Hello {{name}},

{{share}} of the {{meter}} that your license for {{product}} includes are used: {{used}}.

License:
{{license}}

Contact us to raise the limit.

[See what is used]({{accountPage}})`,
  },
  newDevice: {
    title: "New device signed in",
    description:
      "A user signed in to an app on a device that is new to the license; not for the first device",
    audience: "customers",
    variables: {
      ...common,
      device: { description: "Name of the device, if it has one", sample: "STAGE-LAPTOP" },
      at: { description: "When it signed in", sample: "25 Nov 2026, 21:08 UTC" },
      accountPage,
    },
    required: ["device"],
    subject: "{{product}}: new device signed in",
    body: `Hello {{name}},

A new device signed in to your account.

Device: {{device}}
Time: {{at}}
Product: {{product}}

If this was you, you can ignore this email. If not, sign the device out and change your password.

[Manage devices]({{accountPage}})`,
  },
} as const satisfies Record<string, MailDefinition>;

export type CustomerMailKind = keyof typeof customerMails;
