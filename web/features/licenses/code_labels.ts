// The codes that an app receives, in words.
const codeLabels: Record<string, string> = {
  VALID: "Allowed",
  GRACE_PERIOD: "Allowed, in grace period",
  LICENSE_INACTIVE: "License disabled",
  LICENSE_NOT_YET_VALID: "License has not started",
  LICENSE_EXPIRED: "License expired",
  VERSION_NOT_ENTITLED: "Version not included",
  NOT_ACTIVATED: "Device is not activated",
  ACTIVATION_INACTIVE: "Device was deactivated",
  ACTIVATION_LIMIT_REACHED: "Activation limit reached",
  NEW_MACHINES_LIMIT_REACHED: "Too many new devices in 30 days",
  MACHINE_ALREADY_ACTIVATED: "Device is active on another license",
  INVALID_REQUEST: "Fingerprint is a placeholder",
  USAGE_LIMIT_REACHED: "Usage limit reached",
  SESSION_LIMIT_REACHED: "All concurrent users are signed in",
};

export function describeCode(code: string): string {
  return codeLabels[code] ?? code;
}

/** Whether a device with this result may use the license. */
export function isAllowed(code: string): boolean {
  return code === "VALID" || code === "GRACE_PERIOD";
}
