// What is sent about administrators and by them about themselves.
import { z } from "zod";
import { email, line } from "../input_fields.ts";

const role = z.enum(["viewer", "manager", "owner"]).describe(
  "viewer reads, manager changes licensing data, owner also manages administrators, API keys, webhooks and settings",
);
const password = z.string().min(1).max(1024).describe("The password");
const code = z.string().max(64).nullable().optional().describe(
  "The code of the authenticator app, or a recovery code, where a second factor is switched on",
);
const token = z.string().min(1).max(255);

export const signIn = z.strictObject({
  email: z.string().min(1).max(254).describe("The address"),
  password,
  code,
});
export const proof = z.strictObject({ password, code });
export const newPassword = z.strictObject({
  password: password.describe("The old password"),
  newPassword: z.string().min(8).max(1024).describe("The new one, of at least 8 characters"),
});
export const invitation = z.strictObject({
  email: email.describe("Where the invitation is sent"),
  name: line(255).describe("What they are called"),
  role,
});
export const newAdministrator = invitation.extend({
  password: z.string().min(8).max(1024).describe("To sign in with, of at least 8 characters"),
});
export const opened = z.strictObject({ token: token.describe("From the link of the invitation") });
export const accepted = z.strictObject({
  token: token.describe("From the link of the invitation"),
  password: z.string().min(8).max(1024).describe("The password to sign in with, of at least 8 characters"),
});
export const administratorChanges = z.strictObject({
  name: line(255).optional().describe("What they are called"),
  role: role.optional(),
  isDisabled: z.boolean().optional().describe("Whether they are signed out and may not sign in"),
});
export const newToken = z.strictObject({
  name: line(255).describe("What the token is for"),
  days: z.int().min(1).max(366).describe("After how many days it ends"),
});
export const totpCode = z.strictObject({
  code: z.string().min(6).max(10).describe("Of the authenticator app"),
});

/** What a browser's `navigator.credentials` answers, as JSON; its content is checked by its signature. */
const credential = z.looseObject({
  id: z.string().min(1).max(2048),
  rawId: z.string().max(2048),
  type: z.literal("public-key"),
  response: z.looseObject({ clientDataJSON: z.string().max(8192) }),
  clientExtensionResults: z.looseObject({}),
});
export const newPasskey = z.strictObject({
  name: line(255).describe("What the device is called"),
  response: credential,
});
export const passkeySignIn = z.strictObject({ response: credential });

/** How long a preference may be, as JSON. */
const PREFERENCE = 16_384;

/** Whether PostgreSQL keeps it: JSON, not too long, and without characters no text can have. */
function isKeepable(value: unknown): boolean {
  try {
    const text = JSON.stringify(value);
    return text !== undefined && new TextEncoder().encode(text).length <= PREFERENCE &&
      !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]\w\w)/i.test(text);
  } catch {
    // Nested too deeply to be written.
    return false;
  }
}

export const preference = z.strictObject({
  name: line(100).describe("What it is called"),
  value: z.unknown().refine(isKeepable, "must be JSON of at most 16 kB").describe(
    "Any JSON; null forgets it",
  ),
});
