// Encrypted license files: for the device, for another one, edited, and encrypted in another way.
import { armour } from "../../server/domain/license_files/armour.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { encrypted } from "./encryption.ts";
import { DAY, fileClaims, hashOf, ISSUED, machine, statusList } from "./samples.ts";
import { foreignKey, signed } from "./signer.ts";

export async function encryptionCases(): Promise<Promise<FileCase>[]> {
  const jws = await signed("license-file+jwt", fileClaims());
  const file = encrypted(jws);
  const parts = file.trim().split("\n").slice(1, -1).join("").split(".");
  const on = (name: string, reason: string, result: string, given = {}) =>
    fileCase(name, reason, file, result, given);
  const of = (name: string, reason: string, result: string, header = {}, text = jws) =>
    fileCase(name, reason, encrypted(text, { header }), result);
  const edited = (name: string, reason: string, result: string, place: number, text: string) =>
    fileCase(name, reason, armour(parts.with(place, text).join(".")), result);
  /** A part with its first character changed. */
  const changed = (place: number) => (parts[place][0] === "A" ? "B" : "A") + parts[place].slice(1);
  const way = "It is encrypted in a way that is not known.";
  return [
    on("encrypted", "License key and fingerprint are those of the call.", "valid"),
    on("encrypted, on another device", "Its key follows from the fingerprint.", "not_decrypted", {
      device: { fingerprint: "other" },
    }),
    on(
      "encrypted, on another device with its components",
      "Its key follows from the fingerprint alone.",
      "not_decrypted",
      { device: { fingerprint: "new" } },
    ),
    on("encrypted, with another license key", "Its key follows from the license key.", "not_decrypted", {
      device: { license_key: "TEST-TEST-TEST-TES0" },
    }),
    on("encrypted, with the license key in another case", "It is taken as it was sent.", "not_decrypted", {
      device: { license_key: "test-test-test-test" },
    }),
    on("encrypted, without a license key", "There is nothing to decrypt it with.", "not_decrypted", {
      device: { license_key: null },
    }),
    fileCase(
      "encrypted with a key in other letters",
      "Text is UTF-8.",
      encrypted(jws, { licenseKey: "Schlüssel-工" }),
      "valid",
      { device: { license_key: "Schlüssel-工" } },
    ),
    of("encrypted, with more in its header", "Everything else in the header is ignored.", "valid", {
      kid: "x",
    }),
    on("encrypted, after its end", "What is inside is checked too.", "file_ended", {
      now: ISSUED + 30 * DAY,
    }),
    on("encrypted, with a clock set back", "What is inside is checked too.", "clock_set_back", {
      now: ISSUED - DAY,
    }),
    on("encrypted, and revoked", "What is inside is checked too.", "revoked", {
      lists: [await statusList([9])],
    }),
    on("encrypted, and given back", "What is inside is checked too.", "removed", {
      kept: { removed: { 34: { seq: ISSUED } } },
    }),
    of(
      "encrypted for the device, with the file of another",
      "What is inside is checked too.",
      "other_machine",
      {},
      await signed(
        "license-file+jwt",
        fileClaims({ machine: { ...machine("exact"), fingerprint: hashOf("fingerprint", "other") } }),
      ),
    ),
    of(
      "encrypted, signed by another vendor",
      "Encryption proves nothing.",
      "unknown_key",
      {},
      await signed("license-file+jwt", fileClaims(), { key: foreignKey }),
    ),
    of(
      "encrypted, with a validation in it",
      "One kind of statement is not another.",
      "wrong_type",
      {},
      await signed("license-validation+jwt", fileClaims()),
    ),
    of(
      "encrypted, with an edited file in it",
      "The signature is that of other claims.",
      "wrong_signature",
      {},
      `${jws.slice(0, -10)}AAAA${jws.slice(-6)}`,
    ),
    of("encrypted twice", "What is inside is a JWS.", "malformed", {}, parts.join(".")),
    of("encrypted, with markers inside", "What is inside is a JWS.", "malformed", {}, armour(jws)),
    of("encrypted, with nothing in it", "What is inside is a JWS.", "malformed", {}, ""),
    of("encrypted, with another text in it", "What is inside is a JWS.", "malformed", {}, "Grüße"),
    of("another typ of JWE", "It is no license file.", "wrong_type", { typ: "JWE" }),
    of("no typ of JWE", "It is no license file.", "wrong_type", { typ: undefined }),
    of("another content", "It is no license file.", "wrong_type", { cty: "JWT" }),
    of("no content type", "It is no license file.", "wrong_type", { cty: undefined }),
    of("another encryption", way, "wrong_algorithm", { enc: "A128GCM" }),
    of("another way to the key", way, "wrong_algorithm", { alg: "PBES2-HS256+A128KW" }),
    of("a wrapped key", way, "wrong_algorithm", { alg: "A256KW" }),
    of("encrypted and compressed", way, "malformed", { zip: "DEF" }),
    of("encrypted, with crit", "It asks for what is not known.", "malformed", { crit: ["exp"], exp: 1 }),
    of("encrypted, without a salt", "There is no key without it.", "malformed", { salt: undefined }),
    of("encrypted, with a number as salt", "It is no text.", "malformed", { salt: 1 }),
    of("encrypted, with a salt that is no base64url", "It cannot be decoded.", "malformed", { salt: "a+b=" }),
    of("encrypted, with another salt", "The key is another one.", "not_decrypted", { salt: "AAAA" }),
    of("encrypted, with an empty salt", "The key is another one.", "not_decrypted", { salt: "" }),
    of("encrypted, compressed and of another kind", "The header is read before its kind.", "malformed", {
      zip: "DEF",
      typ: "JWE",
    }),
    fileCase(
      "encrypted, with a nonce of 16 bytes",
      "It has 12.",
      encrypted(jws, { nonceLength: 16 }),
      "malformed",
    ),
    edited("encrypted, without a header", "It is no JSON object.", "malformed", 0, ""),
    edited(
      "encrypted, with an edited header",
      "It is authenticated too.",
      "not_decrypted",
      0,
      encodeHeader(parts[0]),
    ),
    edited("encrypted, with a key in its second part", "It is empty.", "malformed", 1, "AAAA"),
    edited("encrypted, without a nonce", "It has 12 bytes.", "malformed", 2, ""),
    edited("encrypted, with an edited nonce", "Its tag is wrong then.", "not_decrypted", 2, changed(2)),
    edited("encrypted, with an edited ciphertext", "Its tag is wrong.", "not_decrypted", 3, changed(3)),
    edited(
      "encrypted, with its ciphertext cut off",
      "Its tag is wrong.",
      "not_decrypted",
      3,
      parts[3].slice(0, 400),
    ),
    edited("encrypted, without a ciphertext", "Its tag is wrong.", "not_decrypted", 3, ""),
    edited(
      "encrypted, with a ciphertext that is no base64url",
      "It cannot be decoded.",
      "malformed",
      3,
      `+${parts[3].slice(1)}`,
    ),
    edited("encrypted, with an edited tag", "It is wrong.", "not_decrypted", 4, changed(4)),
    edited("encrypted, with a tag of 12 bytes", "It has 16.", "malformed", 4, parts[4].slice(0, 16)),
    edited("encrypted, without a tag", "It has 16 bytes.", "malformed", 4, ""),
  ];
}

/** The same header with a blank after it. */
function encodeHeader(part: string): string {
  const text = new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" }));
  return new TextEncoder().encode(`${text} `).toBase64({ alphabet: "base64url", omitPadding: true });
}
