// When a machine whose fingerprint is new is recognised by its components: enough of them are the stored ones of one
// activation, and more than of any other. A tie is no match, so that two machines never become one.
import type { Terms } from "./inputs.ts";

export type MachineMatching = Terms["machineMatching"];

/** An activation, and what a machine has in common with it. */
export interface SharedComponents {
  id: number;
  /** Components of the activation that are the same. */
  shared: number;
  /** All components of the activation. */
  stored: number;
}

const enough: Record<MachineMatching, (machine: SharedComponents) => boolean> = {
  exact: () => false,
  any: ({ shared }) => shared >= 1,
  two: ({ shared }) => shared >= 2,
  most: ({ shared, stored }) => shared * 2 > stored,
  all: ({ shared, stored }) => shared >= 1 && shared === stored,
};

/** Whether a machine has enough components of an activation to be taken for it. */
export function sharesEnough(matching: MachineMatching, machine: SharedComponents): boolean {
  return enough[matching](machine);
}

/**
 * The activation that a machine is recognised as.
 *
 * @returns its id; null when none has enough in common with the machine, or two have the same number of components
 */
export function recognise(matching: MachineMatching, machines: readonly SharedComponents[]): number | null {
  const candidates = machines.filter((machine) => sharesEnough(matching, machine));
  const most = Math.max(0, ...candidates.map(({ shared }) => shared));
  const best = candidates.filter(({ shared }) => shared === most);
  return best.length === 1 ? best[0].id : null;
}

/** Whether the components of a machine are those of another activation rather than of its own. */
export function areOfAnother(
  matching: MachineMatching,
  machines: readonly SharedComponents[],
  ownId: number,
): boolean {
  const own = machines.find(({ id }) => id === ownId)?.shared ?? 0;
  return machines.some((machine) =>
    machine.id !== ownId && sharesEnough(matching, machine) && machine.shared >= own
  );
}
