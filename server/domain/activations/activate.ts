// Activating a license on a machine. Whoever takes or frees a place locks the license's row first and the machine's
// second, so that no two of them ever wait for each other.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom } from "../events/record.ts";
import { keyDigest, readKey, refuseKey } from "../licenses/key.ts";
import { hasFreeActivation, usableOn } from "../policy/conditions.ts";
import { requireValid } from "../policy/require_valid.ts";
import { activationFacts, type ActivationRow } from "./activation.ts";
import { getValidationData, type ValidationData } from "./validation_data.ts";

/** What a machine says of itself. */
export interface MachineReport {
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
}

export interface Activated {
  activation: ActivationRow;
  /** The key as the license bears it. */
  licenseKey: string;
  /** Whether a place was taken now; false when the machine had one. */
  isNew: boolean;
}

/** A license on which a place is asked for. */
export interface ActivationTarget {
  /** A condition on `licenses` that is true of it alone. */
  which: Fragment;
  /** How the machine stands with it at this moment. */
  read(): Promise<ValidationData>;
}

/**
 * Activates a license on a machine by its key.
 *
 * @throws DomainError `INVALID_LICENSE`, and what `admitMachine` refuses
 */
export async function activateLicense(
  ctx: Context,
  report: MachineReport & { licenseKey: string },
): Promise<Activated> {
  const key = readKey(report.licenseKey);
  if (key.checksumMismatch && !ctx.settings.acceptImportedKeys) refuseKey(key);
  return await activateMachine(ctx, report, {
    which: ctx.db`key_digest = ${keyDigest(key)}`,
    read: () => getValidationData(ctx, report.licenseKey, report.hardwareId, { fresh: true }),
  });
}

/**
 * Gives a machine a place on a license. A machine that has a place keeps it: its name and version are brought up to date.
 *
 * @throws DomainError `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`, or
 *   `ACTIVATION_LIMIT_REACHED` with `max_activations` and `current_activations`
 */
export async function activateMachine(
  ctx: Context,
  report: MachineReport,
  asked: ActivationTarget,
): Promise<Activated> {
  const day = dayOf(ctx.now);
  for (let round = 1;; round++) {
    // Most who activate are new, so the place is asked for first and questions only where none was given.
    const taken = await insertActivation(ctx, report, asked.which);
    if (taken) return { ...taken, isNew: true };
    const data = await asked.read();
    const { license, activation: known } = data;
    requireValid(license, { day });
    const activation = known?.isActive ? await refreshActivation(ctx, data, report) : null;
    if (activation) return { activation, licenseKey: license.key, isNew: false };
    if (known?.isActive) continue;
    // After ten rounds the license changes faster than it can be read: count it as full.
    const activationsInUse = round < 10
      ? license.activationsInUse
      : Math.max(license.activationsInUse, license.maxActivations);
    requireValid(license, { day, activationsInUse });
  }
}

/** Takes a place for a machine that has none, if the license can be used and one is free; null when not. */
async function insertActivation(
  ctx: Context,
  report: MachineReport,
  which: Fragment,
): Promise<{ activation: ActivationRow; licenseKey: string } | null> {
  const bound = ctx.actor.kind === "api_key" ? ctx.actor.productId : null;
  // One statement: the place is counted, the row written and the event recorded at once or not at all. `held` waits
  // for whoever has the license's row and then checks its conditions anew on the row as it has become.
  const [row] = await ctx.db<(ActivationRow & { licenseKey: string })[]>`
    with held as (
      select id, key, customer_id
      from licenses
      where ${which}
        and ${hasFreeActivation(ctx, "licenses")}
        and ${usableOn(ctx, "licenses", dayOf(ctx.now))}
        and (${bound}::bigint is null or product_id = ${bound})
      for no key update
    ),
    taken as (
      insert into activations as a (
        license_id, hardware_id, machine_name, app_version, activated_at, last_heartbeat
      )
      select id, ${report.hardwareId}, ${report.machineName}, ${report.appVersion}, ${ctx.now}, ${ctx.now}
      from held
      on conflict on constraint activations_machine_unique do update
      set
        is_active = true, deactivated_at = null,
        activated_at = excluded.activated_at, last_heartbeat = excluded.last_heartbeat,
        machine_name = coalesce(excluded.machine_name, a.machine_name),
        app_version = coalesce(excluded.app_version, a.app_version)
      where not a.is_active
      returning *
    ),
    counted as (
      update licenses
      set activations_in_use = activations_in_use + 1
      from taken
      where licenses.id = taken.license_id
    ),
    facts as (
      select taken.*, held.customer_id, held.key as license_key
      from taken, held
    ),
    recorded as (${eventsFrom(ctx, "license.activated", activationFacts(ctx, ctx.db`facts`))})
    select *
    from facts`;
  if (!row) return null;
  const { licenseKey, ...activation } = row;
  return { activation, licenseKey };
}

/** Brings an active machine's name and version up to date; null when it has been deactivated since. */
async function refreshActivation(
  ctx: Context,
  { license, activation: known }: ValidationData,
  report: MachineReport,
): Promise<ActivationRow | null> {
  const [activation] = await ctx.db<ActivationRow[]>`
    with was as (
      select *
      from activations
      where id = ${known!.id} and is_active
      for update
    ),
    refreshed as (
      update activations a
      set
        machine_name = coalesce(${report.machineName}, a.machine_name),
        app_version = coalesce(${report.appVersion}, a.app_version),
        last_heartbeat = greatest(a.last_heartbeat, ${ctx.now})
      from was
      where a.id = was.id
      returning a.*
    ),
    changed as (
      select refreshed.*, ${license.customerId}::bigint as customer_id
      from refreshed
      join was using (id)
      where (refreshed.machine_name, refreshed.app_version) is distinct from (was.machine_name, was.app_version)
    ),
    recorded as (${eventsFrom(ctx, "activation.updated", activationFacts(ctx, ctx.db`changed`))})
    select *
    from refreshed`;
  return activation ?? null;
}
