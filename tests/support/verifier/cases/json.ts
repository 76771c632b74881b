// Cases of JSON that is damaged or unusual, in files that are signed right.
import { encode } from "../signed.ts";
import { armoured, type Case, fileClaims, fileJws, header, NOW, of, signed } from "./make.ts";
import { each } from "./signatures.ts";

const HEADER = header("license-file+jwt");
const [HEAD, , SIGNATURE] = fileJws().split(".");
const malformed = (text: string) => of(text, ["invalid", "malformed"]);

/** A right file whose payload is this text, signed. */
const withText = (text: string) => armoured(signed(JSON.stringify(HEADER), text));
/** The claims as text with others added as they are written. */
const claimsWith = (members: string) => JSON.stringify(fileClaims).replace(/\}$/, `,${members}}`);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

export function jsonCases(): Record<string, Case> {
  const invalidText = signed(JSON.stringify(HEADER), "x").split(".")[0];
  return {
    ...each(
      ["", "null", "[]", "{", `${JSON.stringify(fileClaims)}x`, `\uFEFF${JSON.stringify(fileClaims)}`],
      (text) => [
        `claims of ${JSON.stringify(text).slice(0, 12)}…${text.slice(-2)}`,
        malformed(withText(text)),
      ],
    ),
    "claims that are no UTF-8": malformed(
      armoured(`${invalidText}.${encode(new Uint8Array([0x7b, 0xff, 0x7d]))}.${SIGNATURE}`),
    ),
    "claims in UTF-16": malformed(
      armoured(`${HEAD}.${encode(new Uint8Array([0x7b, 0, 0x7d, 0]))}.${SIGNATURE}`),
    ),
    ...each(
      ["NaN", "Infinity", "-Infinity", "undefined", "0x10", "01", "1.", ".5", "+1", "'x'", "1,"],
      (value) => [
        `a claim of ${value}`,
        malformed(withText(claimsWith(`"x":${value}`))),
      ],
    ),
    "a claim twice, the last one right": of(
      withText(JSON.stringify(fileClaims).replace("{", '{"product":"other",')),
      ["valid"],
    ),
    "a claim twice, the last one wrong": of(withText(claimsWith('"product":"other"')), [
      "invalid",
      "other_product",
    ]),
    "a member twice": of(withText(claimsWith(`"status":{"uri":1,"uri":"x","idx":9}`)), ["valid"]),
    "another claim": of(withText(claimsWith('"__proto__":{"product":"other"},"x":[{}]')), ["valid"]),
    "JSON 32 deep": of(withText(claimsWith(`"x":${nested(31)}`)), ["valid"]),
    "JSON 33 deep": malformed(withText(claimsWith(`"x":${nested(32)}`))),
    "JSON 20,000 deep": malformed(withText(claimsWith(`"x":${nested(20_000)}`))),
    "whole numbers with a fraction or an exponent": of(
      withText(
        JSON.stringify(fileClaims).replace(`"seq":${NOW}`, '"seq":18e8').replace(
          '"max_users":3',
          '"max_users":3.0',
        ),
      ),
      ["valid"],
    ),
    "a number of 5000 digits": of(withText(claimsWith(`"x":${"9".repeat(5000)}`)), ["valid"]),
    "a number that is too great for a float": of(withText(claimsWith(`"x":1e999`)), ["valid"]),
    "half a surrogate pair": of(withText(claimsWith('"x":"\\ud800"')), ["valid"]),
  };
}
