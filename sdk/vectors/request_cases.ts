// Offline requests: the text that an app writes for what it asks, which the server reads.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Case } from "./cases.ts";
import { COMPONENTS, FINGERPRINT, ISSUED, LICENSE_KEY } from "./samples.ts";

/** Members in the order in which they are written; the fields of `POST /api/license/activate`, `encrypt` and `created_at`. */
export type RequestGiven = Record<string, unknown>;

/** The text of a request. */
function write(given: RequestGiven): string {
  const json = Buffer.from(JSON.stringify(given));
  const check = createHash("sha256").update(json).digest().subarray(0, 6).toString("base64url");
  const lines = `${json.toString("base64url")}.${check}`.match(/.{1,64}/g)!;
  return ["-----BEGIN LATCHKEY REQUEST-----", ...lines, "-----END LATCHKEY REQUEST-----", ""].join("\n");
}

export function requestCases(): Case<RequestGiven, string>[] {
  const machine = { license_key: LICENSE_KEY, hardware_hash: FINGERPRINT };
  const make = (name: string, reason: string, given: RequestGiven) => ({
    name,
    reason,
    given,
    expected: write(given),
  });
  return [
    make("the least", "License key and fingerprint are enough.", machine),
    make("with components", "The license may recognise the device by them.", {
      ...machine,
      components: COMPONENTS,
    }),
    make("with a name in other letters", "Text is UTF-8.", { ...machine, machine_name: "Büro – 工作站 🖥" }),
    make("with everything", "The order of the members is that of the document.", {
      ...machine,
      components: COMPONENTS,
      machine_name: "Workstation",
      app_version: "2.1.0",
      encrypt: true,
      created_at: ISSUED,
    }),
  ];
}
