// The JWS of a license file: its text without the armour, decrypted where it is encrypted.
import { hkdfSync } from "node:crypto";
import { compactDecrypt } from "jose";
import { decode, MAX_LENGTH, objectOf, Refused, require, textOf } from "./signed.ts";

const BEGIN = "-----BEGIN LATCHKEY LICENSE-----", END = "-----END LATCHKEY LICENSE-----";

export function contentOf(file: string): string {
  require(file.length <= MAX_LENGTH && new TextEncoder().encode(file).length <= MAX_LENGTH, "malformed");
  const begin = file.indexOf(BEGIN);
  const end = begin < 0 ? -1 : file.indexOf(END, begin + BEGIN.length);
  require(end >= 0, "malformed");
  return file.slice(begin + BEGIN.length, end).replace(/[ \t\r\n]/g, "");
}

export async function decrypt(
  jwe: string,
  device: { fingerprint: string; license_key: string | null },
): Promise<string> {
  const [head, none, nonce, ciphertext, tag] = jwe.split(".");
  const header = objectOf(head);
  require(none === "" && decode(nonce).length === 12 && decode(tag).length === 16, "malformed");
  decode(ciphertext);
  require(!("crit" in header) && !("zip" in header), "malformed");
  require(header.typ === "license-file+jwe" && header.cty === "license-file+jwt", "wrong_type");
  require(header.alg === "dir" && header.enc === "A256GCM", "wrong_algorithm");
  const secret = `${device.license_key ?? ""}\n${device.fingerprint}`;
  const key = new Uint8Array(hkdfSync("sha256", secret, decode(header.salt), "latchkey license file", 32));
  let plaintext: Uint8Array;
  try {
    ({ plaintext } = await compactDecrypt(jwe, key));
  } catch {
    throw new Refused("wrong_machine", "not_decrypted");
  }
  return textOf(plaintext);
}
