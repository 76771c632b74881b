// The license of an imported device, with the activations that earlier rows took.
import type { Terms } from "../policy/inputs.ts";

export interface DeviceLicense extends Pick<Terms, "machineUniqueness" | "maxNewMachines"> {
  id: number;
  digest: string;
  customerId: number;
  productId: number;
  planId: number | null;
  /** How many machines can be active. */
  capacity: number;
  /** How many are, with those of earlier rows. */
  inUse: number;
  /** How many were new in the days within which new ones are limited, with those of earlier rows. */
  newMachines: number;
}
