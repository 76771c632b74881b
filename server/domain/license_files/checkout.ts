// Checking a license file out: an app asks for the file of its machine.
import { componentDigests, type Components } from "../activations/components.ts";
import { getMachineData } from "../activations/machine_data.ts";
import { listSharedComponents } from "../activations/stored_components.ts";
import { noteHeartbeat } from "../activations/validation_data.ts";
import type { ValidationData } from "../activations/validation_packing.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { getLicenseByKey } from "../licenses/get_by_key.ts";
import { recognise } from "../policy/machine_matching.ts";
import { requireValid } from "../policy/require_valid.ts";
import { findAppVersion } from "../releases/app_version.ts";
import { issueFile } from "./issue.ts";
import type { IssuedFile, NameFileClaims } from "./license_file.ts";
import { noteShownFile } from "./shown.ts";

/** What an app sends for a file. */
export interface Checkout {
  licenseKey: string;
  /** Null: the machine is recognised by its components. */
  hardwareId: string | null;
  components: Components | null;
  appVersion: string | null;
  /** Seconds; null: as long as the license allows. */
  ttl: number | null;
  isEncrypted: boolean;
  /** The file that it has; null: none. */
  shown: string | null;
  issuer: string;
}

/**
 * Issues a license file for an activated machine. Counts as a heartbeat.
 *
 * @throws DomainError `INVALID_LICENSE`, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`, `VERSION_NOT_ENTITLED`,
 *   `NOT_ACTIVATED`, `ACTIVATION_INACTIVE`, and as `issueFile`
 */
export async function checkOutFile(
  ctx: Context,
  checkout: Checkout,
  nameClaims: NameFileClaims,
): Promise<IssuedFile> {
  const { licenseKey, components, appVersion } = checkout;
  const hardwareId = checkout.hardwareId ?? await recogniseMachine(ctx, checkout);
  const machine = { licenseKey, hardwareId, components, appVersion };
  const data = await getMachineData(ctx, machine);
  const { license, activation } = data;
  if (checkout.shown !== null) {
    const of = { licenseKey, hardwareId, licenseId: license.id, activationId: activation?.id ?? null };
    await noteShownFile(ctx, checkout.shown, of);
  }
  const app = await findAppVersion(ctx, license, appVersion);
  requireValid(license, { day: dayOf(ctx.now), app, activation });
  const file = await issueFile(ctx, { ...checkout, hardwareId, activationId: activation!.id }, nameClaims);
  recordHeartbeatOf(ctx, data, machine);
  return file;
}

/** The fingerprint of the active machine that has these components. */
async function recogniseMachine(ctx: Context, { licenseKey, components }: Checkout): Promise<string> {
  const { id, machineMatching } = await getLicenseByKey(ctx, licenseKey);
  if (machineMatching === "exact" || !components) {
    refuse("INVALID_REQUEST", { field: "hardwareHash", reason: "required" });
  }
  const machines = await listSharedComponents(ctx, id, componentDigests(id, components));
  const found = recognise(machineMatching, machines);
  return machines.find((machine) => machine.id === found)?.hardwareId ?? refuse("NOT_ACTIVATED");
}

function recordHeartbeatOf(
  ctx: Context,
  { activation }: ValidationData,
  machine: { licenseKey: string; hardwareId: string; appVersion: string | null },
): void {
  noteHeartbeat(ctx, machine);
  ctx.heartbeats.writeLater({ activationId: activation!.id, at: ctx.now, appVersion: machine.appVersion });
}
