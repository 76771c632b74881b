// Bodies as they are logged: secrets are masked by the names of their fields, license keys as viewers see them.
import { maskKey } from "../domain/licenses/pasted_key.ts";
import { truncate } from "../domain/text.ts";

/** UTF-16 units of a logged body. */
const MAX_LENGTH = 8192;
/** A value is not looked at deeper than this. */
const MAX_DEPTH = 8;

/** Fields whose value authenticates someone or opens something, whatever API they are in. */
export const secretFields: ReadonlySet<string> = new Set([
  "access_token",
  "analytics_token",
  "api_key",
  "authorization",
  "challenge",
  "code",
  "cookie",
  "credential",
  "current_password",
  "entitlement_token",
  "file",
  "license_file",
  "magic_link_token",
  "new_password",
  "password",
  "recovery_code",
  "recovery_codes",
  "refresh_token",
  "secret",
  "session_id",
  "session_token",
  "signature",
  "ticket",
  "token",
  "totp_secret",
  "x-api-key",
]);

/** Fields that hold a license key. */
export const keyFields: ReadonlySet<string> = new Set(["key", "license_key"]);

/** `code` of an error or a validation result is a word in capitals, and no secret. */
const isWord = (value: unknown) => typeof value === "string" && /^[A-Z][A-Z_]{2,40}$/.test(value);

/** A body as JSON with secrets masked, at most 8 kB; null where there is none. */
export function maskedBody(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  // Pages, files and streams are no answers to apps.
  if (typeof body !== "object" || body instanceof Uint8Array || body instanceof ReadableStream) return null;
  return truncate(JSON.stringify(masked(body, 0)), MAX_LENGTH);
}

function masked(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) {
    return value.filter((_, index) => index < 100).map((entry) => masked(entry, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, fieldOf(name, entry, depth)]),
  );
}

function fieldOf(name: string, value: unknown, depth: number): unknown {
  const field = name.toLowerCase();
  if (secretFields.has(field)) return value === null || field === "code" && isWord(value) ? value : "***";
  if (keyFields.has(field) && typeof value === "string") return maskKey(truncate(value, 255));
  return masked(value, depth + 1);
}
