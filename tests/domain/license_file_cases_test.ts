// Files, status lists and validations that are right and wrong in every way: both verifiers find the state and the reason that
// docs/offline.md says, and neither throws.
import { deflateSync } from "node:zlib";
import { fileCase } from "../../sdk/vectors/cases.ts";
import { DAY, fileWith, FINGERPRINT, ISSUED, PRODUCT, statusList } from "../../sdk/vectors/samples.ts";
import { productKey, signed } from "../../sdk/vectors/signer.ts";
import { NONCE, validationClaims } from "../../sdk/vectors/validation_cases.ts";
import { test } from "../support/test.ts";
import { fileKinds, readVectors, validationGiven } from "../support/vectors.ts";
import { Cases } from "../support/verifier/agree.ts";

const cases = new Cases();

for (const kind of fileKinds) {
  test(`the vectors of ${kind} have their states and reasons`, async () => {
    for (const { name, given, expected: { state, reason }, lists } of readVectors(`file_${kind}`)) {
      await cases.expect(`${kind}: ${name}`, given, [state, reason], lists);
    }
  });
}

test("the vectors of validations have their reasons", async () => {
  for (const { name, given, expected: { reason } } of readVectors("validations")) {
    await cases.expect(name, validationGiven(given), reason ? ["invalid", reason] : ["trusted"]);
  }
});

test("an app that knows neither its version nor what was sent", async () => {
  const keys = [productKey.publicKey];
  const { given } = await fileCase("", "", fileWith({ versions: ">=2.0.0" }), "valid");
  await cases.expect("no version", { ...given, app: { ...given.app, version: null } }, ["valid"]);
  const claims = { ...validationClaims(), key_hash: null, machine: null };
  const validation = await signed("license-validation+jwt", claims);
  const sent = { nonce: NONCE, product: PRODUCT, license_key: null, fingerprint: null };
  await cases.expect("no key and device", { validation, keys, sent }, ["trusted"]);
  const other = { ...sent, fingerprint: FINGERPRINT };
  await cases.expect("a device", { validation, keys, sent: other }, ["invalid", "other_machine"]);
});

test("texts of 10 MB, and a list that decompresses to 16 MB", async () => {
  const file = await fileWith();
  const { given } = await fileCase("", "", file, "valid");
  const malformed = ["invalid", "malformed"] as const;
  await cases.expect("a file", { ...given, file: file + "x".repeat(10_000_000) }, malformed);
  const between = file.replace("\n", `\n${"A".repeat(10_000_000)}\n`);
  await cases.expect("a file between its markers", { ...given, file: between }, malformed);
  const zeros = deflateSync(new Uint8Array(16 * 1024 * 1024), { level: 9 }).toString("base64url");
  const bomb = await statusList([], { replaced: { status_list: { bits: 1, lst: zeros } } });
  const lists = ["x".repeat(10_000_000), bomb];
  await cases.expect("lists", { ...given, lists, now: ISSUED + DAY }, ["valid"], ["malformed", "malformed"]);
});

test("the verifier in Python finds the same", () => cases.compareWithPython());
