// Cases of encrypted files.
import {
  armoured,
  type Case,
  encrypted,
  type Encryption,
  fileClaims,
  fileJws,
  FINGERPRINT,
  hashOf,
  of,
} from "./make.ts";

export function encryptionCases(): Record<string, Case> {
  const make = (expected: Case["expected"], given: Encryption = {}, content = fileJws()) =>
    of(armoured(encrypted(content, given)), expected);
  const parts = encrypted(fileJws()).split(".");
  const replaced = (index: number, text: string, expected: Case["expected"]) =>
    of(armoured(parts.map((part, at) => at === index ? text : part).join(".")), expected);
  const unreadable = ["wrong_machine", "not_decrypted"] as const;
  const malformed = ["invalid", "malformed"] as const;
  return {
    "encrypted": make(["valid"]),
    "encrypted for another machine": make(unreadable, { fingerprint: "machine-2" }),
    "encrypted with another license key": make(unreadable, { licenseKey: "AAAA" }),
    "encrypted, of another machine inside": make(
      ["wrong_machine", "other_machine"],
      {},
      fileJws({ machine: { ...fileClaims.machine, fingerprint: hashOf("fingerprint", `${FINGERPRINT}0`) } }),
    ),
    "encrypted, edited": replaced(3, `AAAA${parts[3].slice(4)}`, unreadable),
    "encrypted, with another tag": replaced(4, "A".repeat(21) + "A", unreadable),
    "encrypted, cut off": replaced(3, parts[3].slice(0, 400), unreadable),
    "encrypted, with a short tag": replaced(4, parts[4].slice(0, 16), malformed),
    "encrypted, without a tag": replaced(4, "", malformed),
    "encrypted, with a wrapped key": replaced(1, "AAAA", malformed),
    "encrypted, without a nonce": replaced(2, "", malformed),
    "encrypted, with a nonce of 16 bytes": make(malformed, { ivLength: 16 }),
    "encrypted, of another kind": make(["invalid", "wrong_type"], { header: { typ: "JWE" } }),
    "encrypted, with another content": make(["invalid", "wrong_type"], { header: { cty: "JWT" } }),
    "encrypted by another algorithm": make(["invalid", "wrong_algorithm"], { header: { enc: "A128GCM" } }),
    "encrypted with a key of another kind": make(["invalid", "wrong_algorithm"], {
      header: { alg: "A256KW" },
    }),
    "encrypted and compressed": make(malformed, { header: { zip: "DEF" } }),
    "encrypted, with crit": make(malformed, { header: { crit: ["exp"], exp: 1 } }),
    "encrypted, without a salt": make(malformed, { header: { salt: undefined } }),
    "encrypted, with a number as salt": make(malformed, { header: { salt: 1 } }),
    "encrypted, with a salt that is no base64url": make(malformed, { header: { salt: "a+b=" } }),
    "encrypted, with another salt": make(unreadable, { header: { salt: "AAAA" } }),
    "encrypted, with an empty salt": make(unreadable, { header: { salt: "" } }),
    "encrypted, with more in its header": make(["valid"], { header: { kid: "x" } }),
    "encrypted twice": make(malformed, {}, encrypted(fileJws())),
    "encrypted, with nothing in it": make(malformed, {}, ""),
    "encrypted, with another text in it": make(malformed, {}, "Grüße"),
  };
}
