// How a machine stands with a license: everything a verdict rests on, read once and remembered while it is true.
import type { Fragment } from "../../../db/connect.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import type { Context } from "../context.ts";
import { canSeeProduct } from "../authorization.ts";
import { keyDigest, readKey, refuseKey } from "../licenses/key.ts";
import type { LicenseRow } from "../licenses/license.ts";
import { refuse } from "../errors.ts";
import { termColumns } from "../policy/conditions.ts";
import type { LicenseTerms } from "../policy/terms.ts";

export interface ValidationData {
  /** `activationsInUse` is as it was when it was read, and moves without notice. */
  license: LicenseTerms & Pick<LicenseRow, "id" | "key" | "productId" | "customerId" | "activationsInUse">;
  /** The machine's activation; null when it never was activated. */
  activation: ActivationSnapshot | null;
}

export interface ActivationSnapshot {
  id: number;
  isActive: boolean;
  /** Milliseconds since 1970. The one thing here that moves while it is remembered. */
  lastHeartbeat: number;
}

/**
 * How a machine stands with the license of a key.
 *
 * @param options.fresh asks the database and nothing that is remembered
 * @throws DomainError `INVALID_LICENSE` when no license can have that key (400), or none has it (404)
 */
export async function getValidationData(
  ctx: Context,
  keyText: string,
  hardwareId: string,
  options?: { fresh: boolean },
): Promise<ValidationData> {
  const load = async () => {
    const key = readKey(keyText);
    if (key.checksumMismatch && !ctx.settings.acceptImportedKeys) return null;
    return await findValidationData(ctx, ctx.db`l.key_digest = ${keyDigest(key)}`, hardwareId);
  };
  const standing = options?.fresh
    ? (await load())?.value ?? null
    // As it was written, so that a known key need not be read. A key that any license has holds no line break, so that
    // no two pairs look alike.
    : await ctx.cache.getOrLoad(`standing ${keyText}\n${hardwareId}`, load);
  if (!standing || !canSeeProduct(ctx, standing.license.productId)) refuseKey(readKey(keyText));
  return standing;
}

/**
 * How a machine stands at this moment with a license that was there a moment ago.
 *
 * @throws DomainError `INVALID_LICENSE` when it is gone
 */
export async function getValidationDataById(
  ctx: Context,
  licenseId: number,
  hardwareId: string,
): Promise<ValidationData> {
  const found = await findValidationData(ctx, ctx.db`l.id = ${licenseId}`, hardwareId);
  return found?.value ?? refuse("INVALID_LICENSE");
}

async function findValidationData(ctx: Context, which: Fragment, hardwareId: string) {
  const [row] = await ctx.db<
    (ValidationData["license"] & {
      activationId: number | null;
      activationIsActive: boolean | null;
      lastHeartbeat: Date | null;
    })[]
  >`
    select
      l.id, l.key, l.product_id, l.customer_id, l.activations_in_use, ${termColumns(ctx, "l")},
      a.id as activation_id, a.is_active as activation_is_active, a.last_heartbeat
    from licenses l
    left join activations a on a.license_id = l.id and a.hardware_id = ${hardwareId}
    where ${which} and l.deleted_at is null`;
  if (!row) return null;
  // Written out, because a hundred thousand of these are kept, and objects built in one go are the smallest.
  const license = {
    id: row.id,
    key: row.key,
    productId: row.productId,
    customerId: row.customerId,
    isActive: row.isActive,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    maxActivations: row.maxActivations,
    maxUsers: row.maxUsers,
    deletedAt: row.deletedAt,
    activationsInUse: row.activationsInUse,
  };
  const { activationId, activationIsActive, lastHeartbeat } = row;
  const activation = activationId === null
    ? null
    : { id: activationId, isActive: activationIsActive!, lastHeartbeat: lastHeartbeat!.getTime() };
  const value: ValidationData = { license, activation };
  // Only what ends with a notice may be kept, and an activation that is made tells nobody.
  return { value, invalidationTag: activation?.isActive ? tagOf("license", license.id) : null };
}
