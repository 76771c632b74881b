// The validation data of a machine that says that it lives, which may be recognised by its components first.
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { denialOf } from "../policy/evaluate.ts";
import { findAppVersion } from "../releases/app_version.ts";
import { returnMachine } from "./activate.ts";
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
 * on, and one whose activation lapsed is active again if its license has room for it. There is no promise when everything is
 * cached.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export function getMachineData(
  ctx: Context,
  machine: ReportedMachine,
): MaybePromise<ValidationData> {
  const { licenseKey, hardwareId, components } = machine;
  return whenKnown(getValidationData(ctx, licenseKey, hardwareId), (data) => {
    const { license, activation, machineMatching } = data;
    if (activation?.lapsed) return returnIfPossible(ctx, machine, data);
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

/** Activates a machine again whose activation lapsed, and reads its data again if that succeeded. */
async function returnIfPossible(
  ctx: Context,
  { licenseKey, hardwareId, appVersion }: ReportedMachine,
  data: ValidationData,
): Promise<ValidationData> {
  const { license, activation } = data;
  // Apps on a full license may ask often: nothing is locked for them.
  if (!activation?.lapsed?.mayReturn) return data;
  const app = await findAppVersion(ctx, license, appVersion);
  if (denialOf(license, { day: dayOf(ctx.now), app }) !== null) return data;
  const load = (ctx: Context) => getValidationData(ctx, licenseKey, hardwareId, { uncached: true });
  const isActive = await returnMachine(ctx, { hardwareId, machineName: null, appVersion }, {
    licenseId: license.id,
    keyDigests: [],
    load,
  });
  return isActive ? await load(ctx) : data;
}
