// Transcripts: what an app does, what the server answers to each request, and the state after each step.
import { carriedCases } from "./carried_cases.ts";
import type { Case } from "./cases.ts";
import { DAY, fileWith, ISSUED, LICENSE_KEY } from "./samples.ts";
import { foreignKey, signed } from "./signer.ts";
import {
  activated,
  call,
  type Exchange,
  refusal,
  step,
  type Transcript,
  transcript,
  unreachable,
  verified,
} from "./transcript.ts";
import { validationClaims } from "./validation_cases.ts";

export async function transcriptCases(): Promise<Case<Transcript, null>[]> {
  const file = await fileWith();
  const later = await fileWith({
    iat: ISSUED + 20 * DAY,
    nbf: ISSUED + 20 * DAY,
    exp: ISSUED + 50 * DAY,
    seq: ISSUED + 20 * DAY,
  });
  const plain = await verified();
  const withFile = await verified({ file });
  const refused = (code: string, at = ISSUED) =>
    verified({ valid: false, code, issuedAt: at, entitlements: {} });
  const activate = (state: string, exchanges: Exchange[], more: { error?: string } = {}) =>
    step(0, "activate", state, exchanges, { with: LICENSE_KEY, ...more });
  const codes = {
    LICENSE_INACTIVE: "disabled",
    LICENSE_NOT_YET_VALID: "disabled",
    LICENSE_EXPIRED: "expired",
    VERSION_NOT_ENTITLED: "version_not_entitled",
    NOT_ACTIVATED: "not_activated",
    ACTIVATION_INACTIVE: "not_activated",
  };
  const refusals = {
    ACTIVATION_LIMIT_REACHED: "limit_reached",
    NEW_MACHINES_LIMIT_REACHED: "limit_reached",
    INVALID_LICENSE: "invalid",
    LICENSE_INACTIVE: "disabled",
    LICENSE_EXPIRED: "expired",
  };
  const unknown = await signed(
    "license-validation+jwt",
    validationClaims({ product: null, licenseId: null, valid: false, code: "INVALID_LICENSE" }),
  );
  return [
    transcript(
      "a device without a license",
      "There is nothing to ask the server for.",
      step(0, "status", "not_activated"),
      step(0, "refresh", "not_activated"),
    ),
    transcript(
      "offline by a license file",
      "It is valid until its end, also after the app was started again.",
      activate("valid", [activated, withFile]),
      step(1, "refresh", "valid", [unreachable], { error: "NETWORK_ERROR" }),
      step(29, "restart", "valid"),
      step(30, "status", "expired"),
    ),
    transcript(
      "offline without a license file",
      "The last validation counts for a while.",
      activate("valid", [activated, plain]),
      step(1, "status", "valid"),
      step(1.5, "refresh", "offline_grace", [unreachable], { error: "NETWORK_ERROR" }),
      step(3, "restart", "offline_grace"),
      step(3.1, "status", "expired"),
      step(3.1, "refresh", "valid", [await verified({ issuedAt: ISSUED + 3.1 * DAY })]),
    ),
    transcript(
      "a new license file",
      "It replaces the one before.",
      activate("valid", [activated, withFile]),
      step(20, "refresh", "valid", [await verified({ issuedAt: ISSUED + 20 * DAY, file: later })]),
      step(40, "status", "valid"),
    ),
    transcript(
      "a clock set back",
      "It is behind what was signed.",
      activate("valid", [activated, withFile]),
      step(5, "refresh", "valid", [await verified({ issuedAt: ISSUED + 5 * DAY })]),
      step(4, "status", "clock_tampered"),
      step(4, "restart", "clock_tampered"),
      step(5, "status", "valid"),
    ),
    transcript(
      "a clock set forward and corrected",
      "A clock that is ahead is not remembered.",
      activate("valid", [activated, withFile]),
      step(365, "status", "expired"),
      step(1, "status", "valid"),
    ),
    ...await Promise.all(
      Object.entries(codes).map(async ([code, state]) =>
        transcript(
          `refreshed with ${code}`,
          "A signed refusal counts at once, and without a network.",
          activate("valid", [activated, withFile]),
          step(1, "refresh", state, [await refused(code, ISSUED + DAY)]),
          step(2, "restart", state),
          step(3, "refresh", "valid", [await verified({ issuedAt: ISSUED + 3 * DAY })]),
        )
      ),
    ),
    ...Object.entries(refusals).map(([code, state]) =>
      transcript(
        `activation refused with ${code}`,
        "The refusal is a state.",
        activate(state, [{ ...activated, status: 409, body: refusal(code) }], { error: code }),
        step(0, "status", "not_activated"),
      )
    ),
    transcript(
      "an activation without a network",
      "It is no state: the app asks again.",
      activate("not_activated", [{ ...activated, status: 0 }], { error: "NETWORK_ERROR" }),
    ),
    transcript(
      "activated, and the validation is lost",
      "The next refresh brings it.",
      activate("not_activated", [activated, unreachable], { error: "NETWORK_ERROR" }),
      step(0, "refresh", "valid", [plain]),
    ),
    transcript(
      "an unsigned refusal",
      "Anyone can give it.",
      activate("valid", [activated, withFile]),
      step(1, "refresh", "valid", [{ ...plain, body: { valid: false, code: "LICENSE_INACTIVE" } }], {
        error: "UNTRUSTED_ANSWER",
      }),
    ),
    transcript(
      "an unsigned answer that is valid",
      "Anyone can give it.",
      activate("not_activated", [activated, { ...plain, body: { valid: true, code: "VALID" } }], {
        error: "UNTRUSTED_ANSWER",
      }),
    ),
    transcript(
      "an answer by another vendor",
      "Its key is not known.",
      activate("not_activated", [activated, await verified({ key: foreignKey })], {
        error: "UNTRUSTED_ANSWER",
      }),
    ),
    transcript(
      "a replayed answer",
      "Its nonce is another.",
      activate("not_activated", [activated, await verified({ nonce: "AgICAgICAgICAgICAgICAg" })], {
        error: "UNTRUSTED_ANSWER",
      }),
    ),
    transcript(
      "a license that no one knows any longer",
      "The signed refusal counts.",
      activate("valid", [activated, withFile]),
      step(0, "refresh", "invalid", [{ ...plain, status: 404, body: refusal("INVALID_LICENSE", unknown) }]),
    ),
    transcript(
      "the same, unsigned",
      "Anyone can give it.",
      activate("valid", [activated, plain]),
      step(0, "refresh", "valid", [{ ...plain, status: 404, body: refusal("INVALID_LICENSE") }], {
        error: "INVALID_LICENSE",
      }),
    ),
    transcript(
      "a file by another vendor in the answer",
      "It does not replace the good one.",
      activate("valid", [activated, withFile]),
      step(2, "refresh", "valid", [
        await verified({
          issuedAt: ISSUED + 2 * DAY,
          file: await fileWith({ exp: ISSUED + 99 * DAY }, { key: foreignKey }),
        }),
      ]),
      step(31, "status", "expired"),
    ),
    transcript(
      "checked out and given back",
      "Without a file the last validation counts.",
      activate("valid", [activated, plain]),
      step(0, "check_out", "valid", [{
        path: "/api/license/checkout",
        sends: call,
        status: 200,
        body: { license_file: file },
      }]),
      step(20, "restart", "valid"),
      step(20, "check_in", "expired", [{
        path: "/api/license/checkin",
        sends: call,
        status: 200,
        body: { returned: true },
      }]),
    ),
    transcript(
      "deactivated",
      "The license is forgotten.",
      activate("valid", [activated, withFile]),
      step(1, "deactivate", "not_activated", [{
        path: "/api/license/deactivate",
        sends: call,
        status: 200,
        body: {},
      }]),
      step(1, "restart", "not_activated"),
    ),
    transcript(
      "a license in grace",
      "It may be used.",
      activate("grace", [
        activated,
        await verified({ code: "GRACE_PERIOD", validUntil: "2026-02-27", graceEnds: "2026-03-02" }),
      ]),
      step(1.6, "status", "expired"),
    ),
    ...await carriedCases(),
  ];
}
