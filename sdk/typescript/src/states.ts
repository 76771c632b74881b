// The states of a license on a device, which an app decides by.

/** What the app does by: each state with what it means. */
export const stateMeanings = {
  valid: "The license may be used.",
  grace: "The license has expired and may be used until its grace period ends. Ask the user to renew it.",
  offline_grace: "The license may be used, but the server was not reached for a while. Ask for a connection.",
  expired: "The license, its license file or the time without a connection has ended.",
  disabled: "The vendor has disabled the license, or its first day has not come.",
  not_activated: "There is no license on this device yet. Ask for a license key.",
  limit_reached: "The license is used on as many devices as it allows. Deactivate another device.",
  revoked: "The vendor has revoked the license file of this device.",
  wrong_machine: "The license file is for another device.",
  version_not_entitled: "The license does not include this version of the app.",
  clock_tampered: "The clock was set back. Correct the time of the device.",
  invalid: "There is no such license key, or the license file is damaged or not the vendor's.",
} as const;

export type LicenseState = keyof typeof stateMeanings;

/** Whether the app may run. */
export function isUsable(state: LicenseState): boolean {
  return state === "valid" || state === "grace" || state === "offline_grace";
}

/** The states of the server's codes, of validations and of refusals. */
const statesOfCodes: Record<string, LicenseState> = {
  VALID: "valid",
  GRACE_PERIOD: "grace",
  LICENSE_INACTIVE: "disabled",
  LICENSE_NOT_YET_VALID: "disabled",
  LICENSE_EXPIRED: "expired",
  VERSION_NOT_ENTITLED: "version_not_entitled",
  NOT_ACTIVATED: "not_activated",
  ACTIVATION_INACTIVE: "not_activated",
  INVALID_LICENSE: "invalid",
  ACTIVATION_LIMIT_REACHED: "limit_reached",
  NEW_MACHINES_LIMIT_REACHED: "limit_reached",
};

/** The state of a code of the server; null when the code says nothing about the license. */
export function stateOfCode(code: string): LicenseState | null {
  return Object.hasOwn(statesOfCodes, code) ? statesOfCodes[code] : null;
}
