// Input of administrators: accounts, invitations, sign-in, second factors, passkeys and preferences.
import { z } from "zod";
import { email, line } from "../input_fields.ts";

const role = z.enum(["viewer", "manager", "owner"]).describe(
  "viewer reads, manager changes licensing data, owner also manages administrators, API keys, webhooks and settings",
);
const password = z.string().min(1).max(1024).describe("Password");
const code = z.string().max(64).nullable().optional().describe(
  "Code of the authenticator app, or a recovery code, if a second factor is enabled",
);
const token = z.string().min(1).max(255);

export const signIn = z.strictObject({
  email: z.string().min(1).max(254).describe("Email address"),
  password,
  code,
});
export const reauthentication = z.strictObject({ password, code });
export const newPassword = z.strictObject({
  password: password.describe("Current password"),
  newPassword: z.string().min(8).max(1024).describe("New password of at least 8 characters"),
});
export const invitation = z.strictObject({
  email: email.describe("Email address the invitation is sent to"),
  name: line(255).describe("Name"),
  role,
});
export const newAdministrator = invitation.extend({
  password: z.string().min(8).max(1024).describe("Password of at least 8 characters"),
});
export const invitationToken = z.strictObject({ token: token.describe("Token from the invitation link") });
export const invitationAcceptance = z.strictObject({
  token: token.describe("Token from the invitation link"),
  password: z.string().min(8).max(1024).describe("Password of at least 8 characters"),
});
export const providerSignIn = z.strictObject({
  returnTo: z.string().max(2000).optional().describe("Path of the panel that opens afterwards"),
});
export const ownFactorCode = z.strictObject({
  code: z.string().min(1).max(64).describe("Code of the authenticator app, or a recovery code"),
});
export const signInPage = z.strictObject({
  problem: z.string().max(50).optional().describe("Problem that the page was opened with"),
});
export const setupToken = z.strictObject({ token: token.describe("Token from the setup link") });
export const firstOwner = z.strictObject({
  token: token.describe("Token from the setup link"),
  email: email.describe("Email address you sign in with"),
  name: line(255).describe("Name"),
  password: z.string().min(8).max(1024).describe("Password of at least 8 characters"),
});
export const passwordLinkRequest = z.strictObject({
  email: z.string().min(1).max(254).describe("Email address of the administrator"),
});
export const passwordLinkToken = z.strictObject({ token: token.describe("Token from the link") });
export const passwordReset = z.strictObject({
  token: token.describe("Token from the link"),
  password: z.string().min(8).max(1024).describe("New password of at least 8 characters"),
});
export const administratorChanges = z.strictObject({
  name: line(255).optional().describe("Name"),
  role: role.optional(),
  isDisabled: z.boolean().optional().describe("Whether the administrator is disabled and cannot sign in"),
});
export const newToken = z.strictObject({
  name: line(255).describe("Name of the token"),
  days: z.int().min(1).max(366).describe("Days until it expires"),
});
export const totpCode = z.strictObject({
  code: z.string().min(6).max(10).describe("Code of the authenticator app"),
});

/** The JSON form of a `PublicKeyCredential`; the library validates the rest of it. */
const credential = z.looseObject({
  id: z.string().min(1).max(2048),
  rawId: z.string().max(2048),
  type: z.literal("public-key"),
  response: z.looseObject({ clientDataJSON: z.string().max(8192) }),
  clientExtensionResults: z.looseObject({}),
});
export const newPasskey = z.strictObject({
  name: line(255).describe("Name of the passkey"),
  response: credential,
});
export const passkeySignIn = z.strictObject({ response: credential });

/** Maximum size of a preference as JSON; bytes. */
const MAX_PREFERENCE_SIZE = 16_384;

/** Whether a value can be stored as `jsonb`: not too long, without NUL and lone surrogates, which PostgreSQL refuses. */
function isStorable(value: unknown): boolean {
  try {
    const text = JSON.stringify(value);
    return text !== undefined && new TextEncoder().encode(text).length <= MAX_PREFERENCE_SIZE &&
      !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]\w\w)/i.test(text);
  } catch {
    // Nested too deeply, or circular.
    return false;
  }
}

export const preference = z.strictObject({
  name: line(100).describe("Name"),
  value: z.unknown().refine(isStorable, "must be JSON of at most 16 kB").describe(
    "Any JSON value; null deletes the preference",
  ),
  seen: z.unknown().refine(
    (value) => value === undefined || isStorable(value),
    "must be JSON of at most 16 kB",
  )
    .optional().describe("The value it replaces, null for none; without it, any"),
});
