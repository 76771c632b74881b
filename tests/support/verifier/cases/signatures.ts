// Cases of texts, headers and signatures that are damaged, edited or made up.
import { createHmac } from "node:crypto";
import { encode, type Json, type Key } from "../signed.ts";
import {
  armoured,
  type Case,
  file,
  fileClaims,
  fileJws,
  foreign,
  header,
  of,
  pair,
  part,
  signed,
} from "./make.ts";

const right = file();
const [HEAD, PAYLOAD, SIGNATURE] = fileJws().split(".");
const malformed = (text: string) => of(text, ["invalid", "malformed"]);
const BEGIN = "-----BEGIN LATCHKEY LICENSE-----", END = "-----END LATCHKEY LICENSE-----";
const HEADER = header("license-file+jwt");

export function textCases(): Record<string, Case> {
  const content = `${HEAD}.${PAYLOAD}.${SIGNATURE}`;
  const cut = Object.fromEntries(
    Array.from({ length: Math.floor(right.length / 50) }, (_, index) => [
      `cut off after ${index * 50} bytes`,
      malformed(right.slice(0, index * 50)),
    ]),
  );
  return {
    "a right file": of(right, ["valid"]),
    ...cut,
    "without its last line break": of(right.trimEnd(), ["valid"]),
    "without the last dash": malformed(right.trimEnd().slice(0, -1)),
    "with CRLF": of(right.replaceAll("\n", "\r\n"), ["valid"]),
    "with CR": of(right.replaceAll("\n", "\r"), ["valid"]),
    "in an e-mail": of(`Hello,\r\n\r\n${right.replaceAll("\n", " \t\r\n")}\r\nBest regards, Zoë`, ["valid"]),
    "with a byte order mark": of(`\uFEFF${right}`, ["valid"]),
    "with a byte order mark inside": malformed(right.replace("\n", "\n\uFEFF")),
    "with a no-break space": malformed(right.replace("\n", "\n\u00A0")),
    "with a line separator": malformed(right.replace("\n", "\n\u2028")),
    "with a form feed": malformed(right.replace("\n", "\n\f")),
    "with a vertical tab": malformed(right.replace("\n", "\n\v")),
    "with a zero byte": malformed(right.replace("\n", "\n\0")),
    "quoted by a mail program": malformed(right.replaceAll("\n", "\n> ")),
    "in one line": of(`${BEGIN}${content}${END}`, ["valid"]),
    "empty": malformed(""),
    "with nothing between the markers": malformed(`${BEGIN}\n${END}\n`),
    "without armour": malformed(content),
    "with the armour of another thing": malformed(right.replaceAll("LATCHKEY LICENSE", "CERTIFICATE")),
    "with armour in lower case": malformed(right.replace(BEGIN, BEGIN.toLowerCase())),
    "with markers in the wrong order": malformed(`${END}\n${content}\n${BEGIN}\n`),
    "with an end before its begin": of(`${END}\n${right}`, ["valid"]),
    "with two begins": malformed(right.replace(BEGIN, `${BEGIN}\n${BEGIN}`)),
    "two files, of which the first counts": of(`${right}${file({}, {}, foreign)}`, ["valid"]),
    "two files, of which the first is wrong": of(`${file({}, {}, foreign)}${right}`, [
      "invalid",
      "wrong_signature",
    ]),
    "a file in one that was cut off": malformed(right.slice(0, 200) + "\n" + right),
    "of 65536 bytes": of(right + "x".repeat(65_536 - right.length), ["valid"]),
    "of 65537 bytes": malformed(right + "x".repeat(65_537 - right.length)),
    "of 65536 characters, which are more bytes": malformed("ü" + right + "x".repeat(65_535 - right.length)),
    "of 10 MB": malformed(right + "x".repeat(10_000_000)),
    "of 10 MB between the markers": malformed(`${BEGIN}\n${"A".repeat(10_000_000)}\n${END}`),
    ...Object.fromEntries([1, 2, 4, 6, 7].map((parts) => [
      `of ${parts} parts`,
      malformed(
        armoured(Array.from({ length: parts }, (_, index) => [HEAD, PAYLOAD][index] ?? SIGNATURE).join(".")),
      ),
    ])),
    "of dots": malformed(armoured("..")),
    "of four dots": malformed(armoured("....")),
    "with padding": malformed(armoured(`${content}==`)),
    "with padding of the header": malformed(armoured(`${HEAD}=.${PAYLOAD}.${SIGNATURE}`)),
    "with the characters of base64": malformed(armoured(`${HEAD}.${PAYLOAD}.+/${SIGNATURE.slice(2)}`)),
    "with one character too many": malformed(armoured(`${content}AAA`)),
    "with last bits that are not 0": malformed(
      armoured(`${content.slice(0, -1)}${nextOf(SIGNATURE.at(-1)!)}`),
    ),
    "with a signature that is too short": of(armoured(content.slice(0, -2)), ["invalid", "wrong_signature"]),
    "with a signature that is too long": of(armoured(`${content.slice(0, -2)}AAAA`), [
      "invalid",
      "wrong_signature",
    ]),
    "without its signature": of(armoured(`${HEAD}.${PAYLOAD}.`), ["invalid", "wrong_signature"]),
    "with a signature of zeros": of(armoured(`${HEAD}.${PAYLOAD}.${encode(new Uint8Array(64))}`), [
      "invalid",
      "wrong_signature",
    ]),
  };
}

/** The next character of base64url, whose last bit differs. */
function nextOf(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(character) ^ 1];
}

export function headerCases(): Record<string, Case> {
  const edited = (change: Json, reason: string) =>
    of(armoured(`${part({ ...HEADER, ...change })}.${PAYLOAD}.${SIGNATURE}`), ["invalid", reason]);
  const resigned = (change: Json, ...expected: [string, string?]) => of(file({}, change), expected);
  const unsignedHead = part({ ...HEADER, alg: "none" });
  const symmetric = `${part({ ...HEADER, alg: "HS256" })}.${PAYLOAD}`;
  const mac = createHmac("sha256", Uint8Array.fromBase64(pair.key.x, { alphabet: "base64url" }))
    .update(symmetric).digest("base64url");
  const algorithms = [
    "none",
    "None",
    "HS256",
    "RS256",
    "ES256",
    "eddsa",
    "ed25519",
    "ED25519",
    "Ed448",
    "",
    null,
    1,
    [],
    {},
  ];
  const types = [
    "JWT",
    "license-validation+jwt",
    "statuslist+jwt",
    "LICENSE-FILE+JWT",
    "application/license-file+jwt",
    null,
    1,
  ];
  const ids = ["", "x", "../../etc/passwd", "/dev/null", "' or 1=1 --", foreign.key.kid, null, 1, {}];
  const texts = ["", "null", "[]", "1", '"x"', "{", "{}x", "{'alg':1}", `\uFEFF${JSON.stringify(HEADER)}`];
  return {
    "alg none, without a signature": of(armoured(`${unsignedHead}.${PAYLOAD}.`), [
      "invalid",
      "wrong_algorithm",
    ]),
    "alg HS256 with the public key": of(armoured(`${symmetric}.${mac}`), ["invalid", "wrong_algorithm"]),
    "alg EdDSA": resigned({ alg: "EdDSA" }, "valid"),
    "alg EdDSA, not signed so": edited({ alg: "EdDSA" }, "wrong_signature"),
    ...each(
      algorithms,
      (alg) => [`alg ${JSON.stringify(alg)}, signed`, resigned({ alg }, "invalid", "wrong_algorithm")],
    ),
    ...each(
      types,
      (typ) => [`typ ${JSON.stringify(typ)}, signed`, resigned({ typ }, "invalid", "wrong_type")],
    ),
    ...each(
      ids,
      (kid) => [`kid ${JSON.stringify(kid)}, signed`, resigned({ kid }, "invalid", "unknown_key")],
    ),
    ...each([["alg", "wrong_algorithm"], ["kid", "unknown_key"], ["typ", "wrong_type"]], ([name, reason]) => [
      `${name} removed`,
      edited({ [name]: undefined }, reason),
    ]),
    ...each([["exp"], [], ["b64"], "x", null, {}], (crit) => [
      `crit ${JSON.stringify(crit)}, signed`,
      resigned({ crit, exp: 1 }, "invalid", "malformed"),
    ]),
    "crit added": edited({ crit: ["exp"] }, "malformed"),
    "b64 false with crit, signed": resigned({ b64: false, crit: ["b64"] }, "invalid", "malformed"),
    "b64 false, signed": resigned({ b64: false }, "valid"),
    "jwk of another key, signed by it": of(
      file({}, { jwk: { kty: "OKP", crv: "Ed25519", x: foreign.key.x } }, foreign),
      [
        "invalid",
        "wrong_signature",
      ],
    ),
    ...each(["jwk", "jku", "x5c", "x5u", "cty", "zip", "x"], (name) => [
      `${name} added`,
      edited({ [name]: "x" }, "wrong_signature"),
    ]),
    ...each(["jwk", "jku", "x5c", "x5u", "cty", "zip", "x"], (name) => [
      `${name}, signed`,
      resigned({ [name]: "x" }, "valid"),
    ]),
    ...each(texts, (text) => [
      `a header of ${JSON.stringify(text).slice(0, 20)}`,
      of(armoured(signed(text, JSON.stringify(fileClaims))), ["invalid", "malformed"]),
    ]),
    "alg twice, the last one right": of(
      armoured(signed(JSON.stringify(HEADER).replace("{", '{"alg":"none",'), JSON.stringify(fileClaims))),
      ["valid"],
    ),
    "alg twice, the last one wrong": of(
      armoured(signed(JSON.stringify(HEADER).replace(/\}$/, ',"alg":"none"}'), JSON.stringify(fileClaims))),
      ["invalid", "wrong_algorithm"],
    ),
  };
}

export function keyCases(): Record<string, Case> {
  const keyed = (key: Key, reason: string) => of(right, ["invalid", reason], { keys: [key] });
  const bytes = Uint8Array.fromBase64(SIGNATURE, { alphabet: "base64url" });
  const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
  const half = BigInt("0x" + bytes.slice(32).reverse().toHex()) + ORDER;
  const malleated = new Uint8Array([
    ...bytes.slice(0, 32),
    ...Uint8Array.fromHex(half.toString(16).padStart(64, "0")).reverse(),
  ]);
  const end = (first: string) => first + "ff".repeat(30);
  const small = [
    "00".repeat(32),
    "00".repeat(31) + "80",
    "01" + "00".repeat(31),
    "01" + "00".repeat(30) + "80",
    ...["ec", "ed", "ee"].flatMap((first) => [`${end(first)}7f`, `${end(first)}ff`]),
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ];
  const forged = new Uint8Array(64);
  forged[0] = 1;
  return {
    "no key": of(right, ["invalid", "unknown_key"], { keys: [] }),
    "another key": keyed(foreign.key, "unknown_key"),
    "another key under the id of the right one": keyed(
      { ...foreign.key, kid: pair.key.kid },
      "wrong_signature",
    ),
    "several keys": of(right, ["valid"], { keys: [foreign.key, pair.key] }),
    "signed with another key": of(file({}, {}, foreign), ["invalid", "wrong_signature"]),
    "a key that is too short": keyed({ ...pair.key, x: pair.key.x.slice(0, -3) }, "unknown_key"),
    "a signature whose second half is greater by the order of the group": of(
      armoured(`${HEAD}.${PAYLOAD}.${encode(malleated)}`),
      ["invalid", "wrong_signature"],
    ),
    ...each(small, (x) => [
      `a key of small order, ${x.slice(0, 4)}…${x.slice(-4)}`,
      of(armoured(`${HEAD}.${PAYLOAD}.${encode(forged)}`), ["invalid", "unknown_key"], {
        keys: [{ kid: pair.key.kid, x: encode(Uint8Array.fromHex(x)) }],
      }),
    ]),
  };
}

export function each<Value>(values: Value[], caseOf: (value: Value) => [string, Case]): Record<string, Case> {
  return Object.fromEntries(values.map(caseOf));
}
