// The patterns, looked for in what happened on one license, or with one machine, in the order of time. Every stretch of
// time that ends in what happened is looked at, so a burst is found however late one looks.
import type { Settings } from "../settings/schema.ts";
import type { Sighting } from "./anomaly.ts";

/** A machine came to a license or went. */
export interface Move {
  at: Date;
  came: boolean;
  licenseId: number;
  customerId: number;
  activationId: number;
  machine: string;
  /** Where from, as far as it is known. */
  network: string | null;
}

type Thresholds = Pick<
  Settings,
  | "anomalyMachinesPerHour"
  | "anomalyNetworksPerDay"
  | "anomalyLicensesPerMachine"
  | "anomalyMachineChangesPerDay"
>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The last time that, within a span of time up to a move, there were so many different values.
 *
 * @param from as many as make it suspicious
 */
function lastStretch(
  moves: Move[],
  span: number,
  from: number,
  value: (move: Move) => string | number | null,
): { move: Move; count: number } | null {
  const inside = new Map<string | number, number>();
  const add = (move: Move, times: 1 | -1) => {
    const known = value(move);
    if (known === null) return;
    const count = (inside.get(known) ?? 0) + times;
    if (count === 0) inside.delete(known);
    else inside.set(known, count);
  };
  let first = 0;
  let found = null;
  for (const move of moves) {
    add(move, 1);
    while (moves[first].at.getTime() <= move.at.getTime() - span) add(moves[first++], -1);
    if (inside.size >= from) found = { move, count: inside.size };
  }
  return found;
}

/** What is suspicious about the moves on one license. */
export function lookAtLicense(moves: Move[], thresholds: Thresholds): Sighting[] {
  const came = moves.filter((move) => move.came);
  const sightings: Sighting[] = [];
  const see = (kind: Sighting["kind"], move: Move, facts: Sighting["facts"]) =>
    sightings.push({
      kind,
      subject: `license:${move.licenseId}`,
      licenseId: move.licenseId,
      customerId: move.customerId,
      activationId: move.activationId,
      facts,
      at: move.at,
    });

  const burst = lastStretch(came, HOUR, thresholds.anomalyMachinesPerHour + 1, ({ machine }) => machine);
  const spread = lastStretch(came, DAY, thresholds.anomalyNetworksPerDay + 1, ({ network }) => network);
  if (burst) see("unusual_activation_pattern", burst.move, { machinesWithinAnHour: burst.count });
  else if (spread) see("unusual_activation_pattern", spread.move, { networksWithinADay: spread.count });

  const hopped = mostChanges(moves, thresholds.anomalyMachineChangesPerDay + 1);
  if (hopped) see("license_hopping", hopped.move, { machineChangesWithinADay: hopped.count });
  return sightings;
}

/** A place on a license, as machines come to it and go. */
interface Place {
  machine: string;
  changes: Date[];
}

/** The last time one place had changed machine so often within a day. A place is taken by whoever comes next. */
function mostChanges(moves: Move[], from: number): { move: Move; count: number } | null {
  const taken = new Map<string, Place>();
  const free: Place[] = [];
  let found = null;
  for (const move of moves) {
    const { machine, at } = move;
    if (!move.came) {
      free.push(taken.get(machine) ?? { machine, changes: [] });
      taken.delete(machine);
      continue;
    }
    const place = free.pop() ?? { machine, changes: [] };
    if (place.machine !== machine) {
      place.changes = [...place.changes.filter((change) => change.getTime() > at.getTime() - DAY), at];
      if (place.changes.length >= from) found = { move, count: place.changes.length };
    }
    place.machine = machine;
    taken.set(machine, place);
  }
  return found;
}

/** What is suspicious about where one machine came to. */
export function lookAtMachine(moves: Move[], thresholds: Thresholds): Sighting[] {
  const came = moves.filter((move) => move.came);
  const found = lastStretch(came, DAY, thresholds.anomalyLicensesPerMachine, ({ licenseId }) => licenseId);
  if (!found) return [];
  const { licenseId, customerId, activationId, machine, at } = found.move;
  return [{
    kind: "license_hopping",
    subject: `machine:${machine}`,
    licenseId,
    customerId,
    activationId,
    facts: { licensesWithinADay: found.count },
    at,
  }];
}
