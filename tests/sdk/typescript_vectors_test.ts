// The TypeScript library comes to the result of each vector.
import assert from "node:assert/strict";
import { InvalidTextError } from "../../sdk/typescript/src/errors.ts";

import { deviceOf } from "../../sdk/typescript/src/fingerprint.ts";
import { checkLicenseFile } from "../../sdk/typescript/src/license_file.ts";
import { readLicenseKey } from "../../sdk/typescript/src/license_key.ts";
import { writeOfflineRequest } from "../../sdk/typescript/src/offline_request.ts";
import { removalCode } from "../../sdk/typescript/src/removal.ts";
import { delayBeforeRetry } from "../../sdk/typescript/src/retry.ts";
import { readValidation } from "../../sdk/typescript/src/signed_validation.ts";
import { isVersionInRange } from "../../sdk/typescript/src/version.ts";
import { readRequestText } from "../../server/domain/license_files/offline_request.ts";
import { playTranscript } from "../support/transcripts.ts";
import { fileKinds, readVectors, type Vector } from "../support/vectors.ts";
import { test } from "../support/test.ts";

/** Compares all results at once, so that a failure names each case. */
async function compare(kind: string, resultOf: (given: Vector["given"]) => unknown): Promise<void> {
  const cases = readVectors(kind);
  const found: [string, unknown][] = [];
  for (const { name, given } of cases) found.push([name, await resultOf(given)]);
  assert.deepEqual(
    Object.fromEntries(found),
    Object.fromEntries(cases.map((one) => [one.name, one.expected])),
  );
}

for (const kind of fileKinds) {
  test(`vectors of license files: ${kind}`, async () => {
    await compare(`file_${kind}`, async ({ device: { license_key: licenseKey, ...device }, ...given }) => {
      const { state, reason } = await checkLicenseFile({ ...given, device, licenseKey });
      return { state, reason };
    });
  });
}

test("vectors of signed validations", async () => {
  await compare("validations", async ({ signature, keys, license_key: licenseKey, ...sent }) => {
    try {
      const { code } = await readValidation(signature, { ...sent, licenseKey }, keys);
      return { code };
    } catch (error) {
      assert.ok(error instanceof InvalidTextError, String(error));
      return { reason: error.reason };
    }
  });
});

test("vectors of removal codes", () => compare("removal_codes", removalCode));

test("vectors of devices", async () => {
  await compare("devices", async ({ product, parts }) => {
    try {
      return await deviceOf(product, Object.fromEntries(parts));
    } catch (error) {
      assert.match(String(error), /No part identifies this machine/);
      return null;
    }
  });
});

test("vectors of license keys", async () => {
  await compare("license_keys", (typed) => {
    const key = readLicenseKey(typed);
    return key && { text: key.text, canonical: key.canonical, checksum_mismatch: key.checksumMismatch };
  });
});

test("vectors of ranges of versions", async () => {
  await compare("versions", ({ version, range }) => isVersionInRange(version, range));
});

test("vectors of retries", async () => {
  await compare("retries", ({ now, outcomes, random }) => {
    const delays: number[] = [];
    while (true) {
      const { status, retry_after: retryAfter } = outcomes[delays.length];
      const delay = delayBeforeRetry({ status, retryAfter }, delays.length + 1, random[delays.length], now);
      if (delay === null) return { delays, status };
      delays.push(delay);
      now += delay;
    }
  });
});

test("vectors of offline requests, which the server reads", async () => {
  await compare("offline_requests", async (given) => {
    const text = await writeOfflineRequest({
      licenseKey: given.license_key,
      device: { fingerprint: given.hardware_hash, components: given.components },
      deviceName: given.machine_name,
      version: given.app_version,
      encrypt: given.encrypt,
      createdAt: given.created_at,
    });
    assert.deepEqual(readRequestText(`Hello,\n\n${text}`), given);
    return text;
  });
});

test("vectors of transcripts", async () => {
  await compare("transcripts", async (given) => {
    await playTranscript(given);
    return null;
  });
});
