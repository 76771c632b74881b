// What the terms of a license say of a machine that is not activated on it, before its activations are counted. The activation
// itself decides by the same terms in the database, under a lock; this is their explanation.
import type { CheckResult } from "./evaluate.ts";
import type { Terms } from "./inputs.ts";
import { type MachineMatching, recognise, type SharedComponents } from "./machine_matching.ts";

/** What is known of a machine that is not activated. A check whose fact is absent is not made. */
export interface AdmissionFacts {
  /** Its components, compared with those of the activations; the fingerprint is unknown. */
  components?: readonly SharedComponents[];
  /** Whether its fingerprint is a placeholder. */
  isPlaceholder?: boolean;
  /** The license on which it is active, within what it may be active once; null: none. */
  activeOn?: number | null;
  /** Machines that were activated for the first time within 30 days. */
  newMachines?: number;
}

/** Makes the checks of a machine that is not activated, in the order in which an activation makes them. */
export function checkAdmission(
  { machineMatching, machineUniqueness, maxNewMachines }: Pick<
    Terms,
    "machineMatching" | "machineUniqueness" | "maxNewMachines"
  >,
  { components, isPlaceholder, activeOn, newMachines }: AdmissionFacts,
): CheckResult[] {
  const checks: CheckResult[] = [];
  if (components) {
    checks.push({
      name: "components_match",
      passed: recognise(machineMatching, components) !== null,
      code: "NOT_ACTIVATED",
      actual: Math.max(0, ...components.map(({ shared }) => shared)),
      limit: machineMatching,
    });
  }
  if (isPlaceholder) {
    checks.push({
      name: "fingerprint_accepted",
      passed: false,
      code: "INVALID_REQUEST",
      actual: null,
      limit: null,
    });
  }
  if (activeOn !== undefined && machineUniqueness !== "license") {
    checks.push({
      name: "activated_once",
      passed: activeOn === null,
      code: "MACHINE_ALREADY_ACTIVATED",
      actual: activeOn,
      limit: machineUniqueness,
    });
  }
  if (newMachines !== undefined && maxNewMachines !== null) {
    checks.push({
      name: "new_device_limit",
      passed: newMachines < maxNewMachines,
      code: "NEW_MACHINES_LIMIT_REACHED",
      actual: newMachines,
      limit: maxNewMachines,
    });
  }
  return checks;
}

/** Whether components are compared at all. */
export function comparesComponents(matching: MachineMatching): boolean {
  return matching !== "exact";
}

/**
 * Whether a new machine takes the activation of the one that was idle longest. It does not above a limit that was lowered,
 * where one for another would keep the license above.
 *
 * @param capacity how many machines the license admits
 * @param lastHeartbeat that of the machine that was idle longest; null: none is active
 */
export function replacesIdle(
  { machineReplacement, replacementIdleDays }: Pick<Terms, "machineReplacement" | "replacementIdleDays">,
  { activationsInUse, capacity, lastHeartbeat }: {
    activationsInUse: number;
    capacity: number;
    lastHeartbeat: Date | null;
  },
  now: Date,
): boolean {
  return machineReplacement === "longest_idle" && activationsInUse === capacity && lastHeartbeat !== null &&
    replaceableFrom(lastHeartbeat, replacementIdleDays) <= now;
}

/** From when a machine can be replaced that was heard of last at a time. */
export function replaceableFrom(lastHeartbeat: Date, replacementIdleDays: number): Date {
  return new Date(lastHeartbeat.getTime() + replacementIdleDays * 86_400_000);
}
