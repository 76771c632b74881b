// The validation data of a machine that says that it lives, which may be recognised by its components first.
import type { Context } from "../context.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { componentMark, type Components } from "./components.ts";
import { noteMachine } from "./recognise_machine.ts";
import { getValidationData } from "./validation_data.ts";
import type { ValidationData } from "./validation_packing.ts";

/** What an app reports about itself when it verifies its license or sends a heartbeat. */
export interface ReportedMachine {
  licenseKey: string;
  hardwareId: string;
  appVersion: string | null;
  /** Named, hashed parts of the machine. */
  components?: Components | null;
}

/**
 * As `getValidationData`. A machine with a new fingerprint that is recognised by its components has its activation from then
 * on; there is no promise when everything is cached.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export function getMachineData(
  ctx: Context,
  { licenseKey, hardwareId, components }: ReportedMachine,
): MaybePromise<ValidationData> {
  return whenKnown(getValidationData(ctx, licenseKey, hardwareId), (data) => {
    const { license, activation, machineMatching } = data;
    if (!components || machineMatching === "exact") return data;
    const isKnown = activation !== null &&
      (!activation.isActive || activation.componentMark === componentMark(components));
    if (isKnown) return data;
    return noteMachine(ctx, { licenseId: license.id, hardwareId, components }).then((isActivated) =>
      // What is cached may have been read before.
      isActivated ? getValidationData(ctx, licenseKey, hardwareId, { uncached: true }) : data
    );
  });
}
