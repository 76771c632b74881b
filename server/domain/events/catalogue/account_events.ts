// Events of those who sign in: users and administrators, their sessions and factors, and the keys programs use.
import { z } from "zod";
import { changedFields, type EventDefinition, instant } from "./definition.ts";

const user = z.strictObject({ email: z.string(), name: z.string().nullable() });
const email = z.strictObject({ email: z.string() });
const changedUser = changedFields("email", "name", "notes", "tags", "metadata");
const stateHash = z.strictObject({ stateHash: z.string().nullable() });
const passkey = z.strictObject({ name: z.string() });
const identity = z.strictObject({ issuer: z.string(), subject: z.string() });
const rights = z.strictObject({ name: z.string(), role: z.string(), isDisabled: z.boolean() });
/** `code`: the password was right. */
const failedAttempts = z.strictObject({
  failures: z.int(),
  factor: z.enum(["password", "code"]),
  ip: z.string(),
});
/** `product`: its code; null for a default key. */
const keyId = z.strictObject({ kid: z.string(), product: z.string().nullable() });

export const accountEvents = {
  "user.created": { subject: "user", after: user, refreshes: ["users"] },
  "user.updated": {
    subject: "user",
    before: changedUser,
    after: changedUser,
    invalidates: ["user"],
    refreshes: ["users"],
  },
  "user.link_requested": {
    subject: "user",
    after: z.strictObject({ email: z.string(), purpose: z.string() }),
    refreshes: ["users"],
  },
  "user.disabled": { subject: "user", after: email, invalidates: ["user"], refreshes: ["users"] },
  "user.enabled": { subject: "user", after: email, invalidates: ["user"], refreshes: ["users"] },
  "user.data_exported": { subject: "user", refreshes: [] },
  "user.erased": {
    subject: "user",
    invalidates: ["user"],
    refreshes: ["users", "licenses", "devices", "sessions"],
  },
  "user.signed_in": { subject: "user", refreshes: ["users"], isFrequent: true },
  "user.signed_out": {
    subject: "user",
    before: z.strictObject({ deviceId: z.string().nullable() }).nullable(),
    invalidates: ["user"],
    refreshes: ["users"],
    isFrequent: true,
  },
  "user.sign_in_failing": { subject: "user", after: failedAttempts, refreshes: ["users"] },
  "user.password_set": { subject: "user", invalidates: ["user"], refreshes: ["users"] },
  "session.reused": { subject: "user", invalidates: ["user"], refreshes: ["users"] },
  "session.state_changed": {
    subject: "user",
    before: stateHash,
    after: stateHash,
    refreshes: ["users"],
    isFrequent: true,
  },
  "administrator.created": {
    subject: "administrator",
    after: z.strictObject({ email: z.string(), name: z.string(), role: z.string() }),
    refreshes: ["administrators"],
  },
  "administrator.updated": {
    subject: "administrator",
    before: rights,
    after: rights,
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.invited": {
    subject: "administrator_invitation",
    after: z.strictObject({ email: z.string(), name: z.string(), role: z.string() }),
    refreshes: ["administrators"],
  },
  "administrator.invitation_revoked": {
    subject: "administrator_invitation",
    before: z.strictObject({ email: z.string(), role: z.string() }),
    refreshes: ["administrators"],
  },
  "administrator.signed_in": {
    subject: "administrator",
    after: z.strictObject({
      by: z.string(),
      ip: z.string().nullable(),
      browser: z.string(),
      /** Whether the administrator signed in before, but not with this browser. */
      isNewBrowser: z.boolean(),
    }),
    refreshes: ["administrators", "account", "notifications"],
  },
  "administrator.sign_in_failing": {
    subject: "administrator",
    after: failedAttempts,
    refreshes: ["administrators", "account", "notifications"],
  },
  "administrator.signed_out": {
    subject: "administrator",
    before: z.strictObject({ session: z.string(), kind: z.string() }),
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.token_created": {
    subject: "administrator",
    after: z.strictObject({ name: z.string(), expiresAt: instant }),
    refreshes: ["account"],
  },
  "administrator.identity_linked": {
    subject: "administrator",
    after: identity,
    refreshes: ["administrators", "account"],
  },
  "administrator.identity_unlinked": {
    subject: "administrator",
    before: identity,
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.sign_in_refused": {
    subject: "administrator",
    after: z.strictObject({ reason: z.string(), ip: z.string().nullable() }),
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.password_link_sent": {
    subject: "administrator",
    refreshes: ["administrators", "account"],
  },
  "administrator.password_changed": {
    subject: "administrator",
    after: z.strictObject({ by: z.enum(["password", "link", "command line"]) }),
    invalidates: ["administrator"],
    refreshes: ["administrators", "account", "notifications"],
  },
  "administrator.second_factor_enabled": {
    subject: "administrator",
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.second_factor_disabled": {
    subject: "administrator",
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.passkey_added": {
    subject: "administrator",
    after: passkey,
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "administrator.passkey_removed": {
    subject: "administrator",
    before: passkey,
    invalidates: ["administrator"],
    refreshes: ["administrators", "account"],
  },
  "api_key.created": {
    subject: "api_key",
    after: z.strictObject({ name: z.string(), prefix: z.string(), productId: z.int().nullable() }),
    refreshes: ["apiKeys"],
  },
  "api_key.revoked": {
    subject: "api_key",
    after: z.strictObject({ name: z.string() }),
    invalidates: ["api_key"],
    refreshes: ["apiKeys"],
  },
  "api_key.body_logging_changed": {
    subject: "api_key",
    after: z.strictObject({ name: z.string(), until: z.iso.datetime({ offset: true }).nullable() }),
    invalidates: ["api_key"],
    refreshes: ["apiKeys"],
  },
  "signing_key.announced": {
    subject: "signing_key",
    after: keyId,
    invalidates: ["signing_key"],
    refreshes: ["signingKeys"],
  },
  "signing_key.created": {
    subject: "signing_key",
    after: keyId,
    invalidates: ["signing_key"],
    refreshes: ["signingKeys"],
  },
  "signing_key.retired": {
    subject: "signing_key",
    before: keyId,
    invalidates: ["signing_key"],
    refreshes: ["signingKeys"],
  },
  "signing_key.rotated": {
    subject: "signing_key",
    before: keyId,
    after: keyId,
    invalidates: ["signing_key"],
    refreshes: ["signingKeys"],
  },
} as const satisfies Record<string, EventDefinition>;
