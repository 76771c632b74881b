// Signed statements: compact JWS (RFC 7515, Ed25519) over a set of claims, with the key id and a type in the header.
import { sign } from "node:crypto";
import { compactVerify, decodeProtectedHeader } from "jose";
import type { Context } from "../context.ts";
import { findPublicKey } from "./public_keys.ts";
import { type Algorithm, algorithms, getSigningKey, publishUntil } from "./signing_key.ts";

export type Claims = Record<string, unknown>;

/** Key ids are SHA-256 thumbprints in base64url (RFC 7638). */
const KEY_ID = /^[\w-]{43}$/;

/**
 * Signs claims with the current key of a product. A signature of Web Crypto, which jose uses, takes twice the time of this
 * one, and is the most expensive part of a refresh.
 *
 * @param input.productId the product that they are about; null: the default key signs
 * @param input.algorithm the name of the algorithm in the header, "Ed25519" by default
 * @param input.type the header's `typ`, which distinguishes kinds of statements (RFC 8725, 3.11)
 * @param input.expiresAt how long the key has to be published; milliseconds since 1970
 */
export async function signClaims(
  ctx: Context,
  input: { productId: number | null; algorithm?: Algorithm; type: string; claims: Claims; expiresAt: number },
): Promise<string> {
  const key = await getSigningKey(ctx, input.productId);
  if (input.expiresAt > key.signedUntil) await publishUntil(ctx, key, input.expiresAt);
  const { type, algorithm = "Ed25519" } = input;
  const kind = `${algorithm} ${type}`;
  let header = key.headers.get(kind);
  if (header === undefined) {
    header = encode({ alg: algorithm, kid: key.kid, typ: type });
    key.headers.set(kind, header);
  }
  const signed = `${header}.${encode(input.claims)}`;
  return `${signed}.${sign(null, encoder.encode(signed), key.privateKey).toBase64(base64url)}`;
}

const encoder = new TextEncoder();
const base64url = { alphabet: "base64url", omitPadding: true } as const;

/** A part of a JWS: JSON in base64url. */
function encode(part: Claims): string {
  return encoder.encode(JSON.stringify(part)).toBase64(base64url);
}

/** The claims of a JWS of that type; null when it is malformed, of another type, or its signature is wrong. */
export async function verifyClaims(
  ctx: Context,
  input: { type: string; jws: string },
): Promise<Claims | null> {
  try {
    const { kid, typ } = decodeProtectedHeader(input.jws);
    const isKeyId = typeof kid === "string" && KEY_ID.test(kid);
    const key = typ === input.type && isKeyId ? await findPublicKey(ctx, kid) : null;
    if (!key) return null;
    const { payload } = await compactVerify(input.jws, key, { algorithms: [...algorithms] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    if (isMalformed(error)) return null;
    throw error;
  }
}

/** Whether the input caused an error; an unreachable database, for one, is no malformed JWS. */
function isMalformed(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError ||
    (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_J"));
}
