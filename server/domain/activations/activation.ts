// An activation: one machine on one license.
import type { Context } from "../context.ts";
import type { Metadata } from "../metadata.ts";
import { networkOf } from "../network.ts";

/** Why an activation is inactive that no one deactivated. */
export type DeactivationReason = "replaced" | "lapsed";

/** A row of `activations`. */
export interface ActivationRow {
  id: number;
  licenseId: number;
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  activatedAt: Date;
  firstActivatedAt: Date;
  lastHeartbeat: Date;
  isActive: boolean;
  deactivatedAt: Date | null;
  /** What `componentMark` gives for the components that the app sent last; null when it sent none. */
  componentMark: number | null;
  /** Null when it is active, and when its app, its user or an administrator deactivated it. */
  deactivationReason: DeactivationReason | null;
  metadata: Metadata;
}

/**
 * The network of the machine that calls; null when an administrator acts for it. An administrator who registers a device
 * calls from their own network, which anomaly detection must not count as the machine's.
 */
export function machineNetwork({ actor, address }: Context): string | null {
  return actor.kind === "administrator" || address === undefined ? null : networkOf(address);
}
