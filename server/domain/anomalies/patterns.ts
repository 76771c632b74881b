// The patterns, evaluated on the activations and deactivations of one license or one machine in the order of time. Every
// window that ends at a change is evaluated, so the result does not depend on when the job runs.
import type { Settings } from "../settings/schema.ts";
import type { DetectedAnomaly } from "./anomaly.ts";

/** A machine was activated or deactivated. */
export interface MachineChange {
  at: Date;
  isActivation: boolean;
  licenseId: number;
  customerId: number;
  activationId: number;
  machine: string;
  /** The network the machine called from; null when it is unknown. */
  network: string | null;
}

/** A machine was recognised by its components, and its activation got another fingerprint. */
export interface Rebinding {
  at: Date;
  licenseId: number;
  customerId: number;
  activationId: number;
  earlier: string;
  machine: string;
}

type Thresholds = Pick<
  Settings,
  | "anomalyMachinesPerHour"
  | "anomalyNetworksPerDay"
  | "anomalyLicensesPerMachine"
  | "anomalyMachineChangesPerDay"
>;

/** The last change at which a pattern was complete, and the number that was counted. */
interface Occurrence {
  change: MachineChange;
  count: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Detects the patterns of one license. */
export function detectOnLicense(changes: MachineChange[], thresholds: Thresholds): DetectedAnomaly[] {
  const activations = changes.filter(({ isActivation }) => isActivation);
  const detected: DetectedAnomaly[] = [];
  const add = (
    kind: DetectedAnomaly["kind"],
    change: MachineChange,
    facts: DetectedAnomaly["facts"],
    threshold: number,
  ) =>
    detected.push({
      kind,
      subject: `license:${change.licenseId}`,
      licenseId: change.licenseId,
      customerId: change.customerId,
      activationId: change.activationId,
      facts,
      threshold,
      at: change.at,
    });

  const machines = lastWindow(
    activations,
    HOUR,
    thresholds.anomalyMachinesPerHour + 1,
    (change) => change.machine,
  );
  const networks = lastWindow(
    activations,
    DAY,
    thresholds.anomalyNetworksPerDay + 1,
    (change) => change.network,
  );
  if (machines) {
    const facts = { machinesWithinAnHour: machines.count };
    add("unusual_activation_pattern", machines.change, facts, thresholds.anomalyMachinesPerHour);
  } else if (networks) {
    const facts = { networksWithinADay: networks.count };
    add("unusual_activation_pattern", networks.change, facts, thresholds.anomalyNetworksPerDay);
  }

  const replaced = lastReplacements(changes, thresholds.anomalyMachineChangesPerDay + 1);
  if (replaced) {
    const facts = { machineChangesWithinADay: replaced.count };
    add("license_hopping", replaced.change, facts, thresholds.anomalyMachineChangesPerDay);
  }
  return detected;
}

/** Detects the patterns of one machine. */
export function detectOnMachine(changes: MachineChange[], thresholds: Thresholds): DetectedAnomaly[] {
  const activations = changes.filter(({ isActivation }) => isActivation);
  const licenses = lastWindow(
    activations,
    DAY,
    thresholds.anomalyLicensesPerMachine,
    (change) => change.licenseId,
  );
  if (!licenses) return [];
  const { licenseId, customerId, activationId, machine, at } = licenses.change;
  return [{
    kind: "license_hopping",
    subject: `machine:${machine}`,
    licenseId,
    customerId,
    activationId,
    facts: { licensesWithinADay: licenses.count },
    threshold: thresholds.anomalyLicensesPerMachine,
    at,
  }];
}

/**
 * Detects two machines that use one activation in turn: within a day it goes back to fingerprints that it had before. A machine
 * whose parts are replaced gets new ones only.
 *
 * @param rebindings those of one activation, in the order of time
 */
export function detectAlternation(rebindings: Rebinding[], thresholds: Thresholds): DetectedAnomaly[] {
  const threshold = thresholds.anomalyMachineChangesPerDay;
  const { change, count } = lastReturns(rebindings, threshold + 1) ?? {};
  if (!change) return [];
  const { licenseId, customerId, activationId, at } = change;
  return [{
    kind: "license_hopping",
    subject: `activation:${activationId}`,
    licenseId,
    customerId,
    activationId,
    facts: { alternationsWithinADay: count! },
    threshold,
    at,
  }];
}

/** The last rebinding at which at least `minimum` of a day had gone back to a fingerprint of that day. */
function lastReturns(
  rebindings: Rebinding[],
  minimum: number,
): { change: Rebinding; count: number } | null {
  /** When the activation had a fingerprint last. */
  const hadAt = new Map<string, number>();
  let returns: number[] = [];
  let last: { change: Rebinding; count: number } | null = null;
  for (const change of rebindings) {
    const at = change.at.getTime();
    hadAt.set(change.earlier, at);
    if (!((hadAt.get(change.machine) ?? -Infinity) > at - DAY)) continue;
    returns = [...returns.filter((time) => time > at - DAY), at];
    if (returns.length >= minimum) last = { change, count: returns.length };
  }
  return last;
}

/**
 * The last change at which the window before it contained at least `minimum` different values.
 *
 * @param length of the window, in milliseconds
 */
function lastWindow(
  changes: MachineChange[],
  length: number,
  minimum: number,
  valueOf: (change: MachineChange) => string | number | null,
): Occurrence | null {
  const counts = new Map<string | number, number>();
  const add = (change: MachineChange, times: 1 | -1) => {
    const value = valueOf(change);
    if (value === null) return;
    const count = (counts.get(value) ?? 0) + times;
    if (count === 0) counts.delete(value);
    else counts.set(value, count);
  };
  let first = 0;
  let last: Occurrence | null = null;
  for (const change of changes) {
    add(change, 1);
    while (changes[first].at.getTime() <= change.at.getTime() - length) add(changes[first++], -1);
    if (counts.size >= minimum) last = { change, count: counts.size };
  }
  return last;
}

/** An activation slot of a license: the machine that has or had it, and when it was given to another one. */
interface Slot {
  machine: string;
  replacedAt: Date[];
}

/**
 * The last change at which one slot had changed its machine at least `minimum` times within a day. A new machine is
 * assumed to get the slot that was freed last.
 */
function lastReplacements(changes: MachineChange[], minimum: number): Occurrence | null {
  const used = new Map<string, Slot>();
  const free: Slot[] = [];
  let last: Occurrence | null = null;
  for (const change of changes) {
    const { machine, at } = change;
    if (!change.isActivation) {
      free.push(used.get(machine) ?? { machine, replacedAt: [] });
      used.delete(machine);
      continue;
    }
    const slot = free.pop() ?? { machine, replacedAt: [] };
    if (slot.machine !== machine) {
      slot.replacedAt = [...slot.replacedAt.filter((time) => time.getTime() > at.getTime() - DAY), at];
      if (slot.replacedAt.length >= minimum) last = { change, count: slot.replacedAt.length };
    }
    slot.machine = machine;
    used.set(machine, slot);
  }
  return last;
}
