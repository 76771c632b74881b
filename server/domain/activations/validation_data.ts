// Reading what a validation is evaluated on: a license and the machine's activation, in one select, cached.
import type { Db, Fragment } from "../../../db/connect.ts";
import { canSeeProduct } from "../authorization.ts";
import { type Context, noteSubject, type PackedKey } from "../context.ts";
import { findOnReplica } from "../replica.ts";
import { refuse } from "../errors.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { hasKey, parseKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import { leaseLength } from "../policy/lease.ts";
import type { MachineMatching } from "../policy/machine_matching.ts";
import type { StartsWith } from "../licenses/start.ts";
import type { PublicMetadata } from "../metadata.ts";
import { publicMetadata } from "../metadata_columns.ts";
import { hasFreeActivation, termColumns } from "../policy/conditions.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { type ValidationData, validationPacking } from "./validation_packing.ts";

/**
 * The validation data of a license key and a machine.
 *
 * @param options.uncached reads from the database
 * @throws DomainError `INVALID_LICENSE`
 */
export function getValidationData(
  ctx: Context,
  licenseKey: string,
  hardwareId: string,
  options?: { uncached: boolean },
): MaybePromise<ValidationData> {
  const load = async () => {
    const condition = hasKey(ctx, ctx.db`l.key_digest`, requireKey(ctx, licenseKey));
    const read = (db: Db) => loadValidationData({ ...ctx, db }, condition, hardwareId);
    const found = options?.uncached ? null : await findOnReplica(ctx, "heard", read);
    // What would not be cached may be new to the replica: an activation is no change that is recorded.
    return found?.invalidationTag ? found : await read(ctx.db);
  };
  const found = options?.uncached
    ? load().then((loaded) => loaded?.value ?? null)
    : ctx.cache.getOrLoadPacked(validationPacking, cacheKey(licenseKey, hardwareId), load, {
      isShared: ctx.changedTags === undefined,
    });
  return whenKnown(found, (data) => {
    if (!data || !canSeeProduct(ctx, data.license.productId)) refuseUnknownKey(parseKey(licenseKey));
    noteSubject(ctx, data.license.id, data.activation?.id ?? null);
    return data;
  });
}

/** Forgets the data of a license: the next request of this process sees a change, which it hears of only later. */
export function forgetLicense(ctx: Context, licenseId: number): void {
  const tag = tagOf("license", licenseId);
  if (ctx.changedTags) return void ctx.changedTags.add(tag);
  ctx.cache.invalidate(tag);
  ctx.replica?.noteWrite();
}

/** Notes in cached data when its machine was heard of last. */
export function noteHeartbeat(
  ctx: Context,
  { licenseKey, hardwareId }: { licenseKey: string; hardwareId: string },
): void {
  ctx.cache.replaceNumber(cacheKey(licenseKey, hardwareId), ctx.now.getTime());
}

/**
 * The key as it was sent, so that a cached key need not be parsed. Text longer than any likely key is cached by the key it
 * holds, so that no caller fills the cache with blanks.
 */
function cacheKey(licenseKey: string, hardwareId: string): PackedKey {
  if (licenseKey.length <= 64) return [hardwareId, licenseKey];
  const key = parseKey(licenseKey);
  return [hardwareId, key.exact ?? key.canonical];
}

/**
 * The validation data of a license and a machine, read from the database.
 *
 * @throws DomainError `INVALID_LICENSE` when the license is deleted
 */
export async function getValidationDataById(
  ctx: Context,
  licenseId: number,
  hardwareId: string,
): Promise<ValidationData> {
  const loaded = await loadValidationData(ctx, ctx.db`l.id = ${licenseId}`, hardwareId);
  noteSubject(ctx, licenseId, loaded?.value.activation?.id ?? null);
  return loaded?.value ?? refuse("INVALID_LICENSE");
}

async function loadValidationData(ctx: Context, condition: Fragment, hardwareId: string) {
  const [row] = await ctx.db<
    (ValidationData["license"] & {
      activationId: number | null;
      activationIsActive: boolean | null;
      lastHeartbeat: Date | null;
      componentMark: number | null;
      activationMetadata: PublicMetadata | null;
      mayReturn: boolean | null;
      machineLease: string | null;
      machineMatching: MachineMatching;
      startsWith: StartsWith | null;
    })[]
  >`
    select
      l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, l.entitlements, l.starts_with,
      l.meters <> '{}' as has_meters,
      ${publicMetadata(ctx, ctx.db`l.metadata`)} as metadata,
      ${termColumns(ctx, "l")},
      a.id as activation_id, a.is_active as activation_is_active, a.last_heartbeat, a.component_mark,
      ${publicMetadata(ctx, ctx.db`a.metadata`)} as activation_metadata, l.machine_matching, l.machine_lease,
      case when a.deactivation_reason = 'lapsed' then ${
    hasFreeActivation(ctx, "l")
  } or l.machine_replacement <> 'refuse' end
        as may_return
    from licenses l
    left join activations a on a.license_id = l.id and a.hardware_id = ${hardwareId}
    where ${condition} and l.deleted_at is null`;
  if (!row) return null;
  const license = {
    id: row.id,
    key: row.key,
    productId: row.productId,
    customerId: row.customerId,
    isActive: row.isActive,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    graceDays: row.graceDays,
    afterExpiry: row.afterExpiry,
    updatesUntil: row.updatesUntil,
    versions: row.versions,
    maxActivations: row.maxActivations,
    machineOverage: row.machineOverage,
    maxUsers: row.maxUsers,
    deletedAt: row.deletedAt,
    activationsInUse: row.activationsInUse,
    entitlements: row.entitlements,
    metadata: row.metadata,
    hasMeters: row.hasMeters,
  };
  const { activationId, activationIsActive, lastHeartbeat, componentMark, mayReturn, machineMatching } = row;
  const activation = activationId === null ? null : {
    id: activationId,
    isActive: activationIsActive!,
    lastHeartbeat: lastHeartbeat!.getTime(),
    componentMark,
    metadata: row.activationMetadata!,
    ...mayReturn === null ? {} : { lapsed: { mayReturn } },
  };
  const { startsWith } = row;
  const lease = row.machineLease === null ? null : leaseLength(row.machineLease);
  const value: ValidationData = { license, activation, machineMatching, lease, startsWith };
  // Without an active activation nothing is cached, because a new activation is no recorded change, and nothing of a license
  // that a validation starts.
  return {
    value,
    invalidationTag: activation?.isActive && startsWith === null ? tagOf("license", license.id) : null,
  };
}
