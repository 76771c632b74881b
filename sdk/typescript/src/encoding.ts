// Bytes and texts: base64url without padding (RFC 4648, section 5), UTF-8, hexadecimal and SHA-256.
import { InvalidTextError } from "./errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}

/** @throws InvalidTextError for bytes that are not UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidTextError("malformed", "The text is not UTF-8.");
  }
}

export function encodeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @throws InvalidTextError */
export function decodeBytes(text: string): Bytes {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    throw new InvalidTextError("malformed", "The text is not base64url.");
  }
  const decoded = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  // Other texts with the same bytes would be the same signature under another name.
  if (encodeBytes(bytes) !== text) {
    throw new InvalidTextError("malformed", "The text is not what its bytes are encoded as.");
  }
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(text: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text)));
}

/** The JSON object in base64url. @throws InvalidTextError */
export function decodeObject(part: string): Record<string, unknown> {
  const text = textOf(decodeBytes(part));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidTextError("malformed", "The text is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidTextError("malformed", "The JSON is not an object.");
  }
  if (!isShallow(value, MAX_DEPTH)) throw new InvalidTextError("malformed", "The JSON is nested too deep.");
  return value as Record<string, unknown>;
}

/** Objects and lists in each other. */
const MAX_DEPTH = 32;

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
