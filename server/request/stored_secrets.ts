// The columns that are encrypted with ENCRYPTION_KEY. A test compares them with the schema.
import { CIPHER_PURPOSE as SESSION_PURPOSE } from "../domain/accounts/refresh_sessions.ts";
import { PENDING_PURPOSE } from "../domain/administrators/identity_sign_in.ts";
import { VERIFIER_PURPOSE } from "../domain/administrators/provider_requests.ts";
import { ID_TOKEN_PURPOSE } from "../domain/administrators/sessions.ts";
import { PURPOSE as TOTP_PURPOSE } from "../domain/administrators/totp.ts";
import type { Cipher } from "../domain/context.ts";
import { ANSWER_PURPOSE } from "../domain/idempotency.ts";
import { PURPOSE as MAIL_PURPOSE } from "../domain/mail/mail.ts";
import { PURPOSE as REMOVAL_PURPOSE } from "../domain/license_files/removal_key.ts";
import { CIPHER_PURPOSE as SIGNING_PURPOSE } from "../domain/signing/signing_key.ts";
import { purposes } from "../domain/webhooks/webhook.ts";

export interface StoredSecret {
  table: string;
  column: string;
  /** What it is encrypted for, see `Cipher`. */
  purpose: string;
  /** What does not work without it: the rest of the sentence "… cannot be read". */
  name: string;
}

export const storedSecrets: StoredSecret[] = [
  { table: "signing_keys", column: "private_key", purpose: SIGNING_PURPOSE, name: "signing keys" },
  { table: "removal_keys", column: "secret", purpose: REMOVAL_PURPOSE, name: "removal codes" },
  {
    table: "administrators",
    column: "totp_secret",
    purpose: TOTP_PURPOSE,
    name: "authenticator apps' secrets",
  },
  {
    table: "administrator_sessions",
    column: "id_token",
    purpose: ID_TOKEN_PURPOSE,
    name: "sign-outs at the identity provider",
  },
  {
    table: "administrator_provider_requests",
    column: "code_verifier",
    purpose: VERIFIER_PURPOSE,
    name: "sign-ins at the identity provider",
  },
  {
    table: "administrator_pending_sign_ins",
    column: "identity",
    purpose: PENDING_PURPOSE,
    name: "sign-ins at the identity provider",
  },
  { table: "webhooks", column: "secret", purpose: purposes.secret, name: "webhook secrets" },
  { table: "webhooks", column: "previous_secret", purpose: purposes.secret, name: "webhook secrets" },
  { table: "webhooks", column: "headers", purpose: purposes.headers, name: "webhook headers" },
  { table: "mails", column: "body", purpose: MAIL_PURPOSE, name: "waiting mails" },
  { table: "sessions", column: "successor", purpose: SESSION_PURPOSE, name: "sessions" },
  { table: "idempotency_keys", column: "answer", purpose: ANSWER_PURPOSE, name: "saved answers" },
];

/** Whether a cipher opens a stored secret. */
export function canDecrypt(cipher: Cipher, { purpose }: StoredSecret, ciphertext: Uint8Array): boolean {
  try {
    cipher.decrypt(purpose, ciphertext);
    return true;
  } catch {
    return false;
  }
}
