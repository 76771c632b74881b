// Cases of status lists and of signed validations.
import { encode, type Json } from "../signed.ts";
import type { GivenFile, GivenValidation, Kept } from "../verifier.ts";
import {
  bitsOf,
  type Case,
  compressed,
  DAY,
  file,
  fileClaims,
  fileJws,
  FINGERPRINT,
  foreign,
  jws,
  LICENSE_KEY,
  type List,
  NONCE,
  NOW,
  of,
  type Pair,
  pair,
  part,
  statusList,
  URI,
  validationClaims,
} from "./make.ts";
import { each } from "./signatures.ts";

export function listCases(): Record<string, Case> {
  const having = (
    lists: string[],
    reasons: (string | null)[],
    expected: Case["expected"],
    more: Partial<GivenFile> & { claims?: Json } = {},
  ): Case => ({
    ...of(file({ exp: NOW + 90 * DAY, ...more.claims }), expected, { lists, ...more }),
    lists: reasons,
  });
  const revoked = ["revoked", "revoked"] as const;
  const refused = (list: List | string, reason: string) =>
    having([typeof list === "string" ? list : statusList(list)], [reason], ["valid"]);
  const kept = (more: Partial<Kept>): Kept => ({ trusted: 0, seq: {}, lists: {}, ...more });
  const place = (idx: number) => ({ claims: { status: { uri: URI, idx } } });
  const [head, , signature] = statusList().split(".");
  const names = ["sub", "iat", "exp", "ttl", "status_list"];
  const newer = statusList({ claims: { iat: NOW + 30 }, bits: bitsOf() });
  const bytes = Uint8Array.fromBase64(compressed(bitsOf(9)), { alphabet: "base64url" });
  const withList = (list: Json) => refused({ list }, "malformed");
  return {
    "revoked": having([statusList()], [null], revoked),
    "not revoked": having([statusList({ bits: bitsOf(8, 10, 9 + 8) })], [null], ["valid"]),
    ...each([0, 7, 8, 131_071], (idx) => [
      `the place ${idx}`,
      having([statusList({ bits: bitsOf(idx) })], [null], revoked, place(idx)),
    ]),
    ...each([131_072, 2 ** 32 + 9, 2 ** 53 - 1], (idx) => [
      `the place ${idx}, which the list has not`,
      having([statusList({ bits: bitsOf(9, 0).fill(255) })], [null], ["valid"], place(idx)),
    ]),
    "a list of no bytes": having([statusList({ bits: new Uint8Array() })], [null], ["valid"]),
    "a shorter list": having([statusList({ bits: new Uint8Array([0, 2]) })], [null], revoked),
    "the list of another address": refused({ claims: { sub: `${URI}0` } }, "other_list"),
    "the list of another product": refused({ by: foreign, head: { kid: foreign.key.kid } }, "unknown_key"),
    "the list of another issuer": refused({ by: foreign }, "wrong_signature"),
    "an edited list": refused(
      `${head}.${
        part({
          sub: URI,
          iat: NOW,
          exp: NOW + DAY,
          ttl: 30,
          status_list: { bits: 1, lst: compressed(bitsOf()) },
        })
      }.${signature}`,
      "wrong_signature",
    ),
    "a file in place of a list": refused(fileJws(), "wrong_type"),
    "a list in place of a file": of(
      `-----BEGIN LATCHKEY LICENSE-----\n${statusList()}\n-----END LATCHKEY LICENSE-----`,
      ["invalid", "wrong_type"],
    ),
    "a list with armour": refused(`-----BEGIN LATCHKEY LICENSE-----\n${statusList()}`, "malformed"),
    "a list of another algorithm": refused({ head: { alg: "HS256" } }, "wrong_algorithm"),
    "a list with crit": refused({ head: { crit: ["x"], x: 1 } }, "malformed"),
    "an empty list text": refused("", "malformed"),
    "a list of 10 MB": refused("x".repeat(10_000_000), "malformed"),
    ...each([0, 50, 100, 200, 300], (length) => [
      `a list that was cut off after ${length} bytes`,
      refused(statusList().slice(0, length), "malformed"),
    ]),
    "a list that decompresses to 16 MB": refused(
      { list: { lst: BOMB } },
      "malformed",
    ),
    "a list that decompresses to one byte too many": refused({ bits: new Uint8Array(16_385) }, "malformed"),
    "a list that is cut off where it is compressed": refused(
      { list: { lst: encode(bytes.slice(0, -6)) } },
      "malformed",
    ),
    "a list that is not compressed": refused({ list: { lst: encode(bitsOf(9)) } }, "malformed"),
    "a list with a wrong checksum": refused(
      { list: { lst: encode(new Uint8Array([...bytes.slice(0, -1), bytes.at(-1)! ^ 1])) } },
      "malformed",
    ),
    ...each(
      names,
      (name) => [`a list without ${name}`, refused({ claims: { [name]: undefined } }, "malformed")],
    ),
    ...each(
      [0, 2, 4, 8, "1", null, true],
      (bits) => [`a list of ${JSON.stringify(bits)} bits`, withList({ bits })],
    ),
    ...each([null, 1, "", "a+b=", []], (lst) => [`a list of ${JSON.stringify(lst)}`, withList({ lst })]),
    "a list without lst": withList({ lst: undefined }),
    "a list that has ended still revokes": having([statusList()], ["list_ended"], revoked, {
      now: NOW + 15 * DAY,
    }),
    "a list that has ended says nothing else": having(
      [statusList({ bits: bitsOf() })],
      ["list_ended"],
      ["valid"],
      { now: NOW + 15 * DAY },
    ),
    "an older list than one that was seen": having([statusList()], ["older_list"], ["valid"], {
      kept: kept({ lists: { [URI]: NOW + 1 } }),
    }),
    "the list that was seen": having([statusList()], [null], revoked, {
      kept: kept({ lists: { [URI]: NOW } }),
    }),
    "an older list and a newer one": having([statusList(), newer], ["older_list", null], ["valid"]),
    "a newer list and an older one": having([newer, statusList()], [null, "older_list"], ["valid"]),
    "a right list and a wrong one": having(["x", statusList()], ["malformed", null], revoked),
    "a list from the future": having(
      [statusList({ claims: { iat: NOW + 5 * DAY, exp: NOW + 19 * DAY } })],
      [null],
      ["clock_tampered", "clock_set_back"],
    ),
    "a list of another address from the future": having(
      [statusList({ claims: { iat: NOW + 5 * DAY, exp: NOW + 19 * DAY, sub: "x" } })],
      ["other_list"],
      ["clock_tampered", "clock_set_back"],
    ),
    "a revoked file that has ended": having([statusList()], ["list_ended"], revoked, {
      now: NOW + 100 * DAY,
    }),
    "a revoked file on another machine": having([statusList()], [null], ["wrong_machine", "other_machine"], {
      device: { fingerprint: "machine-2", license_key: "" },
    }),
  };
}

/** 16 MB of zeros, compressed to 16 KB. */
const BOMB = compressed(new Uint8Array(16 * 1024 * 1024));

export function validationCases(): Record<string, Case> {
  const given = (validation: string, sent: Partial<GivenValidation["sent"]> = {}): GivenValidation => ({
    validation,
    keys: [pair.key],
    sent: {
      nonce: NONCE,
      product: "my-app",
      license_key: LICENSE_KEY,
      fingerprint: FINGERPRINT,
      ...sent,
    },
  });
  const answer = (claims: Json = {}, head: Json = {}, by?: Pair) =>
    jws("license-validation+jwt", { ...validationClaims, ...claims }, head, by);
  const refused = (reason: string, validation: string, sent?: Partial<GivenValidation["sent"]>): Case => ({
    given: given(validation, sent),
    expected: ["invalid", reason],
  });
  const trusted = (claims: Json, sent?: Partial<GivenValidation["sent"]>): Case => ({
    given: given(answer(claims), sent),
    expected: ["trusted"],
  });
  const [head, payload, signature] = answer().split(".");
  const names = Object.keys(validationClaims);
  const types: Record<string, Json[]> = {
    iat: [null, "1", 2 ** 53],
    nonce: [null, 1],
    valid: [null, "true", 1, 0],
    code: [null, 1],
    license: ["12", -1],
    entitlements: [null, []],
    max_users: ["3"],
    valid_until: [1, "tomorrow"],
  };
  return {
    "an answer": trusted({}),
    "an answer that refuses": trusted({ valid: false, code: "LICENSE_EXPIRED", entitlements: {} }),
    "an answer without a license key and machine": trusted({ key_hash: null, machine: null }, {
      license_key: null,
      fingerprint: null,
    }),
    "the refusal of an unknown key": trusted({ license: null, product: null, valid: false, max_users: null }),
    "an answer without a product, of a license": refused("other_product", answer({ product: null })),
    "an answer for another product": refused("other_product", answer({ product: "other-app" })),
    "an answer to another call": refused("other_nonce", answer({ nonce: `${NONCE}0` })),
    "an answer for another key": refused("other_key", answer(), { license_key: "AAAA" }),
    "an answer without a key": refused("other_key", answer({ key_hash: null })),
    "an answer for another machine": refused("other_machine", answer(), { fingerprint: "machine-2" }),
    "an answer without a machine": refused("other_machine", answer({ machine: null })),
    "an answer of another server": refused("wrong_signature", answer({}, {}, foreign)),
    "an answer of another product's key": refused(
      "unknown_key",
      answer({}, { kid: foreign.key.kid }, foreign),
    ),
    "a file in place of an answer": refused("wrong_type", fileJws()),
    "an answer in place of a file": of(
      `-----BEGIN LATCHKEY LICENSE-----\n${answer()}\n-----END LATCHKEY LICENSE-----`,
      ["invalid", "wrong_type"],
    ),
    "an answer of alg none": refused(
      "wrong_algorithm",
      `${part({ ...fileClaims, alg: "none", typ: "license-validation+jwt" })}.${payload}.`,
    ),
    "an answer without a signature": refused("wrong_signature", `${head}.${payload}.`),
    "an empty answer": refused("malformed", ""),
    "an answer with line breaks": refused("malformed", `${head}.${payload}.\n${signature}`),
    ...each(names, (name) => [
      `${name} of an answer edited`,
      refused("wrong_signature", `${head}.${part({ ...validationClaims, [name]: "edited" })}.${signature}`),
    ]),
    ...each(
      names,
      (name) => [`${name} of an answer removed`, refused("malformed", answer({ [name]: undefined }))],
    ),
    ...Object.assign(
      {},
      ...Object.entries(types).map(([name, values]) =>
        each(
          values,
          (
            value,
          ) => [
            `${name} ${JSON.stringify(value)} in an answer`,
            refused("malformed", answer({ [name]: value })),
          ],
        )
      ),
    ),
  };
}
