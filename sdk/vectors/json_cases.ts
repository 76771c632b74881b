// JSON that is damaged or unusual, in license files that are signed right.
import { Buffer } from "node:buffer";
import { armour } from "../../server/domain/license_files/armour.ts";
import { type FileCase, fileCase } from "./cases.ts";
import { fileClaims, fileHeader, ISSUED } from "./samples.ts";
import { encode, encodeText, signedParts } from "./signer.ts";

const claims = JSON.stringify(fileClaims());
/** A file with this text as its payload, signed. */
const withText = (text: string) => armour(signedParts(encode(fileHeader), encodeText(text)));
const withBytes = (...bytes: number[]) =>
  armour(signedParts(encode(fileHeader), Buffer.from(bytes).toString("base64url")));
/** The claims as text with others added as they are written. */
const plus = (members: string) => claims.replace(/\}$/, `,${members}}`);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const nestedObjects = (depth: number) => '{"x":'.repeat(depth) + "1" + "}".repeat(depth);

const bad = (name: string, reason: string, text: string, result = "malformed") =>
  fileCase(name, reason, withText(text), result);
const good = (name: string, reason: string, text: string) => bad(name, reason, text, "valid");

const noNumbers = [
  "NaN",
  "Infinity",
  "-Infinity",
  "undefined",
  "0x10",
  "01",
  "-01",
  "1.",
  ".5",
  "+1",
  "1e",
  "-",
];

export function jsonCases(): Promise<FileCase>[] {
  return [
    bad("claims of nothing", "They are no JSON object.", ""),
    bad("claims of null", "They are no JSON object.", "null"),
    bad("claims of a list", "They are no JSON object.", "[]"),
    bad("claims of a number", "They are no JSON object.", "1"),
    bad("claims of an open brace", "They are no JSON.", "{"),
    bad("claims of an empty object", "All claims have to be there.", "{}"),
    bad("claims with more after them", "There is one object, and nothing else.", `${claims}x`),
    bad("claims twice", "There is one object, and nothing else.", claims + claims),
    bad("claims after a byte order mark", "JSON has none.", `\ufeff${claims}`),
    bad("claims cut off", "They are no JSON.", claims.slice(0, -20)),
    bad("claims with a comma at their end", "JSON has none.", plus("")),
    bad("claims with a comment", "JSON has none.", plus('/* x */ "x":1')),
    bad("claims with single quotes", "JSON has none.", plus("'x':1")),
    bad("claims with a name without quotes", "JSON has none.", plus("x:1")),
    bad("claims with a zero byte after them", "There is one object, and nothing else.", `${claims}\0`),
    bad("claims with a line feed in a text", "Control characters are escaped.", plus('"x":"a\nb"')),
    bad("claims with an escape that is not known", "JSON has not \\x.", plus('"x":"\\x41"')),
    bad("claims with a short escape", "\\u has four digits.", plus('"x":"\\u12"')),
    good("claims with blanks between them", "JSON may have them.", JSON.stringify(fileClaims(), null, 2)),
    good("claims with escapes", "They are the same text.", claims.replace('"painter"', '"\\u0070ainter"')),
    good("a name with escapes", "It is the same name.", claims.replace('"product"', '"prod\\u0075ct"')),
    fileCase("claims that are no UTF-8", "Text is UTF-8.", withBytes(0x7b, 0xff, 0x7d), "malformed"),
    fileCase("claims in UTF-16", "Text is UTF-8.", withBytes(0x7b, 0, 0x7d, 0), "malformed"),
    fileCase(
      "claims with an overlong character",
      "Text is UTF-8.",
      withBytes(...Buffer.from(plus('"x":"').slice(0, -1)), 0xc0, 0x80, 0x22, 0x7d),
      "malformed",
    ),
    fileCase(
      "claims with a surrogate in UTF-8",
      "Text is UTF-8.",
      withBytes(...Buffer.from(plus('"x":"').slice(0, -1)), 0xed, 0xa0, 0x80, 0x22, 0x7d),
      "malformed",
    ),
    ...noNumbers.map((value) => bad(`a claim of ${value}`, "It is no JSON number.", plus(`"x":${value}`))),
    ...["True", "nul", "'x'", "1,"].map((value) =>
      bad(`a claim of ${value}`, "It is no JSON.", plus(`"x":${value}`))
    ),
    good(
      "a claim twice, the last one right",
      "The last one counts.",
      claims.replace("{", '{"product":"other",'),
    ),
    bad(
      "a claim twice, the last one wrong",
      "The last one counts.",
      plus('"product":"other"'),
      "other_product",
    ),
    good("a member twice", "The last one counts.", plus('"status":{"uri":1,"uri":"x","idx":9}')),
    good(
      "names that objects have",
      "They are names as others.",
      plus('"__proto__":{"product":"other"},"toString":1,"constructor":[{}]'),
    ),
    good("JSON 32 deep", "That is the deepest.", plus(`"x":${nested(31)}`)),
    bad("JSON 33 deep", "It is too deep.", plus(`"x":${nested(32)}`)),
    good("objects 32 deep", "That is the deepest.", plus(`"x":${nestedObjects(31)}`)),
    bad("objects 33 deep", "It is too deep.", plus(`"x":${nestedObjects(32)}`)),
    bad("JSON 20,000 deep", "It is too deep.", plus(`"x":${nested(20_000)}`)),
    bad("20,000 open brackets", "It is too deep, and no JSON.", plus(`"x":${"[".repeat(20_000)}`)),
    good(
      "many members",
      "Their number does not matter.",
      plus(`"x":[${Array.from({ length: 5000 }, (_, index) => index).join()}]`),
    ),
    good(
      "whole numbers with a fraction or an exponent",
      "1.0 is a whole number.",
      claims.replace('"license":12', '"license":1.2e1').replace('"max_users":1', '"max_users":1.0')
        .replace(`"iat":${ISSUED}`, `"iat":${ISSUED}.0`),
    ),
    good("minus zero", "It is 0.", claims.replace('"max_users":1', '"max_users":-0')),
    good(
      "a number of 5000 digits",
      "Claims that are not known may be anything.",
      plus(`"x":${"9".repeat(5000)}`),
    ),
    good(
      "a number that is too great for a float",
      "Claims that are not known may be anything.",
      plus('"x":1e999'),
    ),
    bad(
      "a number that is too great for a float as seq",
      "It is above 2^53 - 1.",
      claims.replace(`"seq":${ISSUED}`, '"seq":1e999'),
    ),
    bad(
      "20 digits as seq",
      "It is above 2^53 - 1.",
      claims.replace(`"seq":${ISSUED}`, '"seq":18446744073709551617'),
    ),
    good("half a surrogate pair", "It is a text of JSON.", plus('"x":"\\ud800"')),
    good("a zero character in a text", "It is a text of JSON.", plus('"x":"a\\u0000b"')),
    bad(
      "the product with a zero character",
      "The texts are compared whole.",
      claims.replace('"painter"', '"painter\\u0000"'),
      "other_product",
    ),
    bad(
      "a member of customer twice, the last one wrong",
      "The last one counts.",
      plus('"customer":{"name":"x","company":null,"name":1}'),
    ),
  ];
}
