// Signed statements: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with public keys that are compiled into the app.
import { type Bytes, decodeBytes, decodeObject, toHex, utf8 } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";

/** A public key of the product, as `/.well-known/jwks/{product}.json` has it; other members of it are ignored. */
export interface PublicKey {
  kid: string;
  /** The key's 32 bytes in base64url. */
  x: string;
}

/** Verifies a signature of Ed25519. The default is Web Crypto's; browsers before 2025 may need another. */
export type VerifySignature = (publicKey: Bytes, signature: Bytes, signed: Bytes) => Promise<boolean>;

export type Claims = Record<string, unknown>;

const imported = new Map<string, Promise<CryptoKey>>();

/** Verifies with Web Crypto: Node 20, Deno, Chrome 137, Firefox 129, Safari 17. */
export const verifyWithWebCrypto: VerifySignature = async (publicKey, signature, signed) => {
  const name = publicKey.join();
  let key = imported.get(name);
  if (!key) {
    key = crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    imported.set(name, key);
  }
  return await crypto.subtle.verify({ name: "Ed25519" }, await key, signature, signed);
};

/**
 * The claims of a signed statement.
 *
 * @param typ the kind of statement; one of another kind is refused
 * @throws InvalidTextError
 */
export async function verifyJws(
  jws: string,
  typ: string,
  keys: readonly PublicKey[],
  verify: VerifySignature = verifyWithWebCrypto,
): Promise<Claims> {
  const parts = jws.split(".");
  if (parts.length !== 3) throw new InvalidTextError("The text is no JWS.");
  const header = decodeObject(parts[0]);
  if ("crit" in header) throw new InvalidTextError("The header has crit, which is not known.");
  if (header.typ !== typ) throw new InvalidTextError(`The text is not of the type ${typ}.`);
  if (header.alg !== "Ed25519" && header.alg !== "EdDSA") {
    throw new InvalidTextError("The text is not signed with Ed25519.");
  }
  const key = keys.find(({ kid }) => kid === header.kid);
  if (!key) {
    throw new InvalidTextError(`The text is signed with a key that the app does not know: ${header.kid}`);
  }
  const claims = decodeObject(parts[1]);
  const signature = decodeBytes(parts[2]);
  const publicKey = decodeBytes(key.x);
  if (publicKey.length !== 32) throw new InvalidTextError(`The public key ${key.kid} has not 32 bytes.`);
  if (isOfSmallOrder(publicKey)) {
    throw new InvalidTextError(`Anyone can sign with the public key ${key.kid}.`);
  }
  const isSigned = signature.length === 64 &&
    await verify(publicKey, signature, utf8(`${parts[0]}.${parts[1]}`));
  if (!isSigned) throw new InvalidTextError("The signature is wrong.");
  return claims;
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
