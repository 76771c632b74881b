// What the answer to an activation says about the limit: that the device is beyond it, or which idle device it replaced.
// Fields are absent where neither is so.
import { z } from "zod";
import type { ActivationResult } from "../domain/activations/activate.ts";
import type { ActivationRow } from "../domain/activations/activation.ts";
import { wireTime } from "./wire_time.ts";

type Admission = Pick<ActivationResult, "isOverLimit" | "replaced">;

const overLimit = z.boolean().optional().describe(
  "Present and true when the new activation is beyond the limit, which the overage of the license admits",
);

const replacedDevice = z.object({
  id: z.int().describe("The activation's id"),
  hardware_hash: z.string().describe("The device's fingerprint"),
  machine_name: z.string().nullable().describe("The device's name"),
  last_heartbeat: z.iso.datetime().describe("When it was last heard of"),
});

/**
 * The fields of an answer.
 *
 * @param replaced the schema of the replaced device
 */
export function admissionFields<Replaced extends z.ZodType>(replaced: Replaced) {
  return {
    over_limit: overLimit,
    replaced: replaced.optional().describe(
      "The idle device that was deactivated because the license was full",
    ),
  };
}

/** The fields of an answer that names devices by `hardware_hash`. */
export const admission = admissionFields(replacedDevice);

/**
 * The fields of `admissionFields`.
 *
 * @param wire the replaced device in the form of its schema
 */
export function wireAdmissionAs<Wire>(
  { isOverLimit, replaced }: Admission,
  wire: (device: ActivationRow) => Wire,
): { over_limit?: boolean; replaced?: Wire } {
  return {
    ...isOverLimit ? { over_limit: true } : {},
    ...replaced ? { replaced: wire(replaced) } : {},
  };
}

/** The fields of `admission`. */
export function wireAdmission(result: Admission) {
  return wireAdmissionAs(result, ({ id, hardwareId, machineName, lastHeartbeat }) => ({
    id,
    hardware_hash: hardwareId,
    machine_name: machineName,
    last_heartbeat: wireTime(lastHeartbeat),
  }));
}
