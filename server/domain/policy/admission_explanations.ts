// The sentences and remedies of the checks of a device that is not activated, and of meters.
import { addDays } from "../calendar.ts";
import { remedy, timeText } from "./explanation_texts.ts";
import type { Explained, ExplainedFacts, ExplainedMeter } from "./explained.ts";
import type { AdmissionCheckName, CheckResult } from "./evaluate.ts";

const needed: Record<string, string> = {
  any: "one component",
  two: "two components",
  most: "most components",
  all: "all components",
};

const componentsMatch: Explained = {
  passed: ({ actual }, { recognisedAs }) =>
    `The device has ${
      components(actual)
    } of ${recognisedAs}, and is recognised as it: its activation gets the new fingerprint.`,
  failed: ({ actual, limit }) =>
    `The fingerprint is unknown, and the device has ${
      components(actual)
    } of an activation; it is recognised by ${
      needed[String(limit)]
    } that no other activation has as many of.`,
  remedies: () => [
    remedy("activate_device", "Activate the license on this device as a new one."),
    remedy(
      "change_components",
      "Change the device matching of the license to one that needs fewer components.",
    ),
  ],
};

const fingerprintAccepted: Explained = {
  passed: () => "The fingerprint is accepted.",
  failed: () =>
    "The fingerprint is a placeholder that many devices share; no new device is activated with it.",
  remedies: () => [
    remedy(
      "change_fingerprint",
      "Let the app compute the fingerprint from other properties of the device.",
    ),
  ],
};

const activatedOnce: Explained = {
  passed: ({ limit }) => `The device is active on no other license of this ${limit}.`,
  failed: ({ actual, limit }) =>
    `The device is active on license ${actual} of the same ${limit}, and can be activated there only once.`,
  remedies: ({ actual, limit }) => [
    remedy("deactivate_device", `Deactivate the device on license ${actual}.`),
    remedy("change_uniqueness", `Allow the device on several licenses of a ${limit}.`, {
      machineUniqueness: "license",
    }),
  ],
};

const newDeviceLimit: Explained = {
  passed: ({ actual, limit }) => `${actual} of ${limit} new devices were activated within 30 days.`,
  failed: ({ actual, limit }) => `All new devices of 30 days are used: ${actual} of ${limit}.`,
  remedies: ({ actual }, { roomForNewAt }) => {
    const maxNewMachines = Number(actual) + 1;
    return [
      ...roomForNewAt
        ? [remedy("wait", `Wait: another new device is admitted from ${timeText(roomForNewAt)} on.`)]
        : [],
      remedy("raise_new_device_limit", `Raise the limit of new devices to ${maxNewMachines} in 30 days.`, {
        maxNewMachines,
      }),
    ];
  },
};

/** What explains a check of a device that is not activated. */
export function admissionExplainedBy(name: AdmissionCheckName): Explained {
  switch (name) {
    case "components_match":
      return componentsMatch;
    case "fingerprint_accepted":
      return fingerprintAccepted;
    case "activated_once":
      return activatedOnce;
    case "new_device_limit":
      return newDeviceLimit;
  }
}

export const meterExplanation: Explained = {
  passed: (check, facts) => describeMeter(check, facts),
  failed: (check, facts) => describeMeter(check, facts),
  remedies: (check, facts) => {
    const { meter, used, reserved, endsOn } = meterOf(check, facts);
    const limit = used + reserved + 1;
    const { meters } = facts.license;
    return [
      remedy("raise_meter_limit", `Raise the limit of ${meter} to ${units(limit)} or more.`, {
        meters: { ...meters, [meter]: { ...meters[meter], limit } },
      }),
      ...endsOn ? [remedy("wait", `Wait: its next period begins on ${addDays(endsOn, 1)}.`)] : [],
      ...reserved > 0 ? [remedy("wait", "Release reservations, or wait until they lapse.")] : [],
    ];
  },
};

function describeMeter(check: CheckResult, facts: ExplainedFacts): string {
  const { meter, limit, most, overage, used, reserved, endsOn } = meterOf(check, facts);
  const admitted = overage === null
    ? "; any number is admitted"
    : most > limit
    ? `; ${units(most)} are admitted`
    : "";
  return `${meter}: ${number(used)} of ${units(limit)} are used` + (endsOn ? ` until ${endsOn}` : "") +
    (reserved > 0 ? `, and ${number(reserved)} are reserved` : "") + `${admitted}.`;
}

function meterOf({ meter }: CheckResult, { meters }: ExplainedFacts): ExplainedMeter {
  return meters.find((each) => each.meter === meter)!;
}

const number = (count: number) => count.toLocaleString("en-US");
const units = (count: number) => `${number(count)} ${count === 1 ? "unit" : "units"}`;

function components(count: CheckResult["actual"]): string {
  return count === 1 ? "1 component" : `${count || "no"} components`;
}
