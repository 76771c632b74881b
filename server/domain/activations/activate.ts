// Activating a license on a machine. Whoever takes or frees a place locks the license's row first and the machine's
// second, so that no two of them ever wait for each other.
import { type Context, dayOf } from "../context.ts";
import { eventsFrom } from "../events.ts";
import { refuse } from "../refusals.ts";
import { activationFacts, type ActivationRow } from "./activation.ts";
import { getStanding, licenseObstacle, refuseObstacle, type Standing } from "./standing.ts";

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

/**
 * Activates a license on a machine by its key.
 *
 * @throws Refusal `INVALID_LICENSE`, and what `admitMachine` refuses
 */
export function activateLicense(
  ctx: Context,
  report: MachineReport & { licenseKey: string },
): Promise<Activated> {
  return admitMachine(
    ctx,
    report,
    () => getStanding(ctx, report.licenseKey, report.hardwareId, { fresh: true }),
  );
}

/**
 * Gives a machine a place on a license. A machine that has one keeps it: its name and version are brought up to date.
 *
 * @param read how the machine stands with the license at this moment
 * @throws Refusal `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`, or
 *   `ACTIVATION_LIMIT_REACHED` with `max_activations` and `current_activations`
 */
export async function admitMachine(
  ctx: Context,
  report: MachineReport,
  read: () => Promise<Standing>,
): Promise<Activated> {
  for (let round = 1;; round++) {
    const standing = await read();
    const { license, machine } = standing;
    const found = licenseObstacle(dayOf(ctx.now), license);
    if (found) refuseObstacle(found, license);
    // The tenth round is a license that changes faster than it can be read: no place was free when we looked.
    if (!machine?.isActive && (license.activationsInUse >= license.maxActivations || round === 10)) {
      refuse("ACTIVATION_LIMIT_REACHED", {
        max_activations: license.maxActivations,
        current_activations: license.activationsInUse,
      });
    }
    const activation = machine?.isActive
      ? await refreshActivation(ctx, standing, report)
      : await takePlace(ctx, license, report);
    if (activation) return { activation, licenseKey: license.key, isNew: !machine?.isActive };
    // Another request changed the license or the machine since it was read: read again.
  }
}

/** Takes a place if the license is still usable and one is free; null when what was read is no longer so. */
async function takePlace(
  ctx: Context,
  license: Standing["license"],
  report: MachineReport,
): Promise<ActivationRow | null> {
  const today = dayOf(ctx.now);
  // One statement: the place is counted, the row written and the event recorded at once or not at all. `held` waits
  // for whoever has the license's row and then checks its conditions anew on the row as it has become.
  const [activation] = await ctx.db<ActivationRow[]>`
    with held as (
      select id, customer_id
      from licenses
      where id = ${license.id}
        and activations_in_use < max_activations
        and is_active
        and valid_from <= ${today}::date
        and (valid_until is null or valid_until >= ${today}::date)
        and deleted_at is null
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
    recorded as (${eventsFrom(ctx, "license.activated", activationFacts(ctx, license, ctx.db`taken`))})
    select *
    from taken`;
  return activation ?? null;
}

/** Brings an active machine's name and version up to date; null when it has been deactivated since. */
async function refreshActivation(
  ctx: Context,
  { license, machine }: Standing,
  report: MachineReport,
): Promise<ActivationRow | null> {
  const [activation] = await ctx.db<ActivationRow[]>`
    with was as (
      select *
      from activations
      where id = ${machine!.id} and is_active
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
      select refreshed.*
      from refreshed
      join was using (id)
      where (refreshed.machine_name, refreshed.app_version) is distinct from (was.machine_name, was.app_version)
    ),
    recorded as (${eventsFrom(ctx, "activation.updated", activationFacts(ctx, license, ctx.db`changed`))})
    select *
    from refreshed`;
  return activation ?? null;
}
