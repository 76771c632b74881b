// The keys of the vectors, which never change, and signatures with them by the server's own function.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Context } from "../../server/domain/context.ts";
import { type Claims, signClaims } from "../../server/domain/signing/jws.ts";
import type { SigningKey } from "../../server/domain/signing/signing_key.ts";

/** A key of the vectors, as a server has and publishes it. */
export interface VectorKey {
  publicKey: { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "Ed25519"; use: "sig" };
  privateKey: KeyObject;
}

/** RFC 8410: what comes before the 32 bytes of a private key of Ed25519. */
const PKCS8 = "302e020100300506032b657004220420";

/** A key from a seed: a byte that is repeated 32 times. */
export function keyOf(seed: number): VectorKey {
  const der = new Uint8Array([...hex(PKCS8), ...new Uint8Array(32).fill(seed)]);
  const privateKey = createPrivateKey({ key: der as never, format: "der", type: "pkcs8" });
  const { x } = createPublicKey(privateKey).export({ format: "jwk" }) as { x: string };
  const kid = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
  return { publicKey: { kty: "OKP", crv: "Ed25519", x, kid, alg: "Ed25519", use: "sig" }, privateKey };
}

function hex(text: string): number[] {
  return text.match(/../g)!.map((byte) => parseInt(byte, 16));
}

/** The product's key, the one that replaces it, and one of another vendor. */
export const productKey = keyOf(1);
export const nextKey = keyOf(2);
export const foreignKey = keyOf(3);

/** Signs as the server does, with a key of the vectors instead of one from a database. */
export async function signed(
  type: string,
  claims: Claims,
  { key = productKey, algorithm }: { key?: VectorKey; algorithm?: "Ed25519" | "EdDSA" } = {},
): Promise<string> {
  const signingKey: SigningKey = {
    id: 1,
    kid: key.publicKey.kid,
    privateKey: key.privateKey,
    headers: new Map(),
    sharedWith: null,
    signedUntil: Infinity,
  };
  const ctx = { cache: { getOrLoad: () => signingKey } } as unknown as Context;
  return await signClaims(ctx, { productId: 1, algorithm, type, claims, expiresAt: 0 });
}

export const encode = (value: unknown): string => encodeText(JSON.stringify(value));
export const encodeText = (text: string): string => Buffer.from(text).toString("base64url");

/** A signature over any header, for those that the server would not write. */
export function signedWithHeader(header: Claims, payload: string, key = productKey): string {
  return signedParts(encode(header), payload, key);
}

/** A signature over any two parts, as the server makes it. */
export function signedParts(head: string, payload: string, key = productKey): string {
  const text = `${head}.${payload}`;
  return `${text}.${sign(null, new TextEncoder().encode(text), key.privateKey).toString("base64url")}`;
}
