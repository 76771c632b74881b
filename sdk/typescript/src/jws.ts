// Signed statements: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with public keys that are compiled into the app.
import { type Bytes, decodeBytes, decodeObject, toHex, utf8 } from "./encoding.ts";
import { InvalidTextError, LatchkeyError } from "./errors.ts";

/** A public key of the product, as `/.well-known/jwks/{product}.json` has it; other members of it are ignored. */
export interface PublicKey {
  kid: string;
  /** The key's 32 bytes in base64url. */
  x: string;
  [ignored: string]: unknown;
}

/** Verifies a signature of Ed25519. The default is Web Crypto's; browsers before 2025 may need another. */
export type VerifySignature = (publicKey: Bytes, signature: Bytes, signed: Bytes) => Promise<boolean>;

export type Claims = Record<string, unknown>;

const imported = new Map<string, CryptoKey>();

/** Verifies with Web Crypto: Node 20, Deno, Chrome 137, Firefox 129, Safari 17. */
export const verifyWithWebCrypto: VerifySignature = async (publicKey, signature, signed) => {
  const name = toHex(publicKey);
  let key = imported.get(name);
  if (!key) {
    try {
      key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    } catch (cause) {
      throw new LatchkeyError({
        code: "NO_ED25519",
        message: "Signatures of Ed25519 cannot be verified here. Give the option verifySignature.",
        cause,
      });
    }
    imported.set(name, key);
  }
  return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed);
};

/** A longer text is none of the server's; characters, of which each is a byte. */
const MAX_LENGTH = 65_536;

/**
 * The claims of a signed statement.
 *
 * @param typ the kind of statement; one of another kind is refused
 * @throws InvalidTextError; LatchkeyError `NO_ED25519` where Web Crypto lacks it
 */
export async function verifyJws(
  jws: string,
  typ: string,
  keys: readonly PublicKey[],
  verify: VerifySignature = verifyWithWebCrypto,
): Promise<Claims> {
  const parts = jws.length > MAX_LENGTH ? [] : jws.split(".");
  if (parts.length !== 3) throw new InvalidTextError("malformed", "The text is no JWS.");
  const header = decodeObject(parts[0]);
  const claims = decodeObject(parts[1]);
  const signature = decodeBytes(parts[2]);
  if (Object.hasOwn(header, "crit")) {
    throw new InvalidTextError("malformed", "The header has crit, which is not known.");
  }
  if (header.typ !== typ) throw new InvalidTextError("wrong_type", `The text is not of the type ${typ}.`);
  if (header.alg !== "Ed25519" && header.alg !== "EdDSA") {
    throw new InvalidTextError("wrong_algorithm", "The text is not signed with Ed25519.");
  }
  const key = keys.find(({ kid }) => kid === header.kid);
  const publicKey = key && readPublicKey(key);
  if (!publicKey) {
    const message = `The text is signed with a key that the app does not know: ${header.kid}`;
    throw new InvalidTextError("unknown_key", message);
  }
  const isSigned = signature.length === 64 &&
    await verify(publicKey, signature, utf8(`${parts[0]}.${parts[1]}`));
  if (!isSigned) throw new InvalidTextError("wrong_signature", "The signature is wrong.");
  return claims;
}

/** The 32 bytes of a public key; null when it is none, or one with which anyone can sign. */
export function readPublicKey({ x }: PublicKey): Bytes | null {
  let bytes: Bytes;
  try {
    bytes = decodeBytes(x);
  } catch {
    return null;
  }
  return bytes.length === 32 && !isOfSmallOrder(bytes) ? bytes : null;
}

/** The points of small order, without their sign: anyone can sign with them. */
const smallOrder = new Set([
  "0".repeat(64),
  `01${"0".repeat(62)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"f".repeat(60)}7f`,
  `ed${"f".repeat(60)}7f`,
  `ee${"f".repeat(60)}7f`,
]);

function isOfSmallOrder(publicKey: Bytes): boolean {
  const unsigned = publicKey.slice();
  unsigned[31] &= 0x7f;
  return smallOrder.has(toHex(unsigned));
}
