// What an explanation is made of: the facts of a license and a device, and what would make a failed check pass.
import type { CalendarDay, PeriodEnd } from "../calendar.ts";
import type { CheckResult } from "./evaluate.ts";
import type { Terms } from "./inputs.ts";
import type { LicenseTerms } from "./terms.ts";

/** A change after which the check passes. */
export interface Remedy {
  action:
    | "restore_license"
    | "enable_license"
    | "wait"
    | "change_first_day"
    | "renew"
    | "change_last_day"
    | "change_versions"
    | "change_last_update_day"
    | "install_version"
    | "activate_device"
    | "raise_activation_limit"
    | "deactivate_device"
    | "raise_seat_limit"
    | "end_seat"
    | "change_components"
    | "change_fingerprint"
    | "change_uniqueness"
    | "raise_new_device_limit"
    | "raise_meter_limit";
  sentence: string;
  /** The values to set, where it is an update of the license. */
  changes: Partial<LicenseTerms & Terms> | null;
  /** The devices of which one has to be deactivated. */
  devices: ExplainedDevice[];
}

/** A device that could be deactivated. */
export interface ExplainedDevice {
  id: number;
  hardwareId: string;
  machineName: string | null;
  lastHeartbeat: Date;
}

/** What the sentences are made of. */
export interface ExplainedFacts {
  license:
    & LicenseTerms
    & Pick<PeriodEnd, "anchorDay">
    & Terms
    & {
      restorableUntil: Date | null;
      /** Why it is disabled, and what is scheduled. */
      disabledReason: string | null;
      disableAt: Date | null;
      disableReason: string | null;
      enableAt: Date | null;
      /** With what its first period begins; null: it has begun. */
      startsWith: "first_activation" | "first_validation" | "first_sign_in" | null;
    };
  /** The day in UTC that is explained. */
  day: CalendarDay;
  /** Whether the machine could be activated. */
  mayActivate: boolean;
  /** The device's lease: when it was heard of last, and when it ends. Null without a lease, and for an unknown device. */
  lease: { length: string; lastHeartbeat: Date; ends: Date } | null;
  /** Active devices, the one that was idle longest first. */
  idleDevices: ExplainedDevice[];
  /** When there is room for another new device; null: now, or it is not limited. */
  roomForNewAt: Date | null;
  /** The machine that is recognised by its components, or whose fingerprint it has; null: none. */
  recognisedAs: string | null;
  seats: { hasSeat: boolean; hasQueue: boolean; waiting: number };
  /** The meters of the license, by name. */
  meters: readonly ExplainedMeter[];
}

/** A meter in its current period. */
export interface ExplainedMeter {
  meter: string;
  limit: number;
  /** Units that are admitted with the overage. */
  most: number;
  used: number;
  reserved: number;
  overage: number | null;
  /** The last day of the period; null: it never ends. */
  endsOn: CalendarDay | null;
}

export interface Explained {
  passed(check: CheckResult, facts: ExplainedFacts): string;
  failed(check: CheckResult, facts: ExplainedFacts): string;
  remedies(check: CheckResult, facts: ExplainedFacts): Remedy[];
}
