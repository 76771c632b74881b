// Activating a license on a machine. Every verb that changes the number of active activations locks the license's row
// before the activation's, so that no two of them deadlock.
import type { Fragment } from "../../../db/connect.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import { hasKey, requireKey } from "../licenses/key.ts";
import { hasFreeActivation, usableOn } from "../policy/conditions.ts";
import { requireValid } from "../policy/require_valid.ts";
import { activationEvents, type ActivationRow } from "./activation.ts";
import { isPlaceholderFingerprint, refusePlaceholder } from "./fingerprints.ts";
import type { MaybePromise } from "../when_known.ts";
import { getValidationData } from "./validation_data.ts";
import type { ValidationData } from "./validation_packing.ts";

/** What an app reports about its machine. */
export interface Machine {
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  /** The input that the fingerprint came from, for errors; `hardwareHash` by default. */
  field?: "hardwareId" | "deviceId";
  /** Whether the properties that the fingerprint was computed from are placeholders. */
  hasOnlyPlaceholders?: boolean;
}

export interface ActivationResult {
  activation: ActivationRow;
  /** The key as it was issued. */
  licenseKey: string;
  /** False when the machine was activated already. */
  isNew: boolean;
}

/** The license to activate. */
export interface ActivationTarget {
  /** A condition on `licenses` that selects it. */
  condition: Fragment;
  /** Reads the license and the machine's activation from the database. */
  load(): MaybePromise<ValidationData>;
}

/**
 * Activates the license of a key on a machine.
 *
 * @throws DomainError `INVALID_LICENSE`, and as `activateMachine`
 */
export async function activateLicense(
  ctx: Context,
  machine: Machine & { licenseKey: string },
): Promise<ActivationResult> {
  const key = requireKey(ctx, machine.licenseKey);
  return await activateMachine(ctx, machine, {
    condition: hasKey(ctx, ctx.db`key_digest`, key),
    load: () => getValidationData(ctx, machine.licenseKey, machine.hardwareId, { uncached: true }),
  });
}

/** Attempts before a license that changes faster than it can be read counts as full. */
const MAX_ATTEMPTS = 10;

/**
 * Activates a license on a machine. On a machine that is activated already only its name and version are updated,
 * also when the license is at its limit, and also when its fingerprint is a placeholder, which no new machine may have.
 *
 * @throws DomainError `INVALID_REQUEST` (`placeholder`), `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`, `ACTIVATION_LIMIT_REACHED`
 */
export async function activateMachine(
  ctx: Context,
  machine: Machine,
  target: ActivationTarget,
): Promise<ActivationResult> {
  const day = dayOf(ctx.now);
  const isPlaceholder = machine.hasOnlyPlaceholders || isPlaceholderFingerprint(machine.hardwareId);
  for (let attempt = 1;; attempt++) {
    // Most machines are new, so the insert comes first, and the license is read only when it inserted nothing.
    const inserted = isPlaceholder ? null : await insertActivation(ctx, machine, target.condition);
    if (inserted) return { ...inserted, isNew: true };
    const data = await target.load();
    const { license } = data;
    requireValid(license, { day });
    if (data.activation?.isActive) {
      const activation = await updateActivation(ctx, data, machine);
      if (activation) return { activation, licenseKey: license.key, isNew: false };
      // The machine was deactivated after it was read.
      continue;
    }
    if (isPlaceholder) refusePlaceholder(machine.field ?? "hardwareHash");
    const activationsInUse = attempt < MAX_ATTEMPTS
      ? license.activationsInUse
      : Math.max(license.activationsInUse, license.maxActivations);
    requireValid(license, { day, activationsInUse });
  }
}

/** Inserts or reactivates the machine's activation; null when the license is not usable or has no free activation. */
async function insertActivation(
  ctx: Context,
  machine: Machine,
  condition: Fragment,
): Promise<{ activation: ActivationRow; licenseKey: string } | null> {
  const productId = ctx.actor.kind === "api_key" ? ctx.actor.productId : null;
  // The count, the row and the event are one statement. `locked` waits for a concurrent change of the license and then
  // evaluates its conditions again on the changed row, so that the limit holds.
  const [row] = await ctx.db<(ActivationRow & { licenseKey: string })[]>`
    with locked as (
      select id, key, customer_id
      from licenses
      where ${condition}
        and ${hasFreeActivation(ctx, "licenses")}
        and ${usableOn(ctx, "licenses", dayOf(ctx.now))}
        and (${productId}::bigint is null or product_id = ${productId})
      for no key update
    ),
    inserted as (
      insert into activations as a (
        license_id, hardware_id, machine_name, app_version, activated_at, last_heartbeat
      )
      select id, ${machine.hardwareId}, ${machine.machineName}, ${machine.appVersion}, ${ctx.now}, ${ctx.now}
      from locked
      on conflict on constraint activations_hardware_id_unique do update
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
      from inserted
      where licenses.id = inserted.license_id
    ),
    activated as (
      select inserted.*, locked.customer_id, locked.key as license_key
      from inserted, locked
    ),
    recorded as (${eventsFrom(ctx, "license.activated", activationEvents(ctx, ctx.db`activated`))})
    select *
    from activated`;
  if (!row) return null;
  const { licenseKey, ...activation } = row;
  return { activation, licenseKey };
}

/** Updates name and version of an active machine; null when it has been deactivated since it was read. */
async function updateActivation(
  ctx: Context,
  { license, activation }: ValidationData,
  machine: Machine,
): Promise<ActivationRow | null> {
  const [row] = await ctx.db<ActivationRow[]>`
    with locked as (
      select *
      from activations
      where id = ${activation!.id} and is_active
      for update
    ),
    updated as (
      update activations a
      set
        machine_name = coalesce(${machine.machineName}, a.machine_name),
        app_version = coalesce(${machine.appVersion}, a.app_version),
        last_heartbeat = greatest(a.last_heartbeat, ${ctx.now})
      from locked
      where a.id = locked.id
      returning a.*
    ),
    changed as (
      select updated.*, ${license.customerId}::bigint as customer_id
      from updated
      join locked using (id)
      where (updated.machine_name, updated.app_version) is distinct from (locked.machine_name, locked.app_version)
    ),
    recorded as (${eventsFrom(ctx, "activation.updated", activationEvents(ctx, ctx.db`changed`))})
    select *
    from updated`;
  return row ?? null;
}
