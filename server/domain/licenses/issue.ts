// Issuing a license from a plan or explicit terms, with a generated or an imported key.
import { lockCustomer } from "../customers/customers.ts";
import { lockProduct } from "../products/products.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import type { Metadata } from "../metadata.ts";
import { enableImportedKeys } from "../settings/settings.ts";
import { claimTrial } from "../trials/trial.ts";
import { generateKey, keyDigest, parseKey } from "./key.ts";
import type { LicenseRow } from "./license.ts";
import { type GivenTerms, newTermColumns, newTermFacts, newTerms, newTermValues } from "./new_license.ts";
import { cleanKey } from "./pasted_key.ts";

export interface NewLicense extends GivenTerms {
  customerId: number;
  /** The account it belongs to. */
  userId?: number | null;
  /** An imported key; by default one is generated. */
  key?: string;
  notes?: string;
  tags?: string[];
  metadata?: Metadata;
  /** Whether an app started it as a trial: on a machine, or by a user's first sign-in. */
  isStartedByApp?: boolean;
  /** The fingerprint of the machine that a trial is for, where it is known. */
  machineOfTrial?: string;
}

/**
 * Issues a license.
 *
 * @throws DomainError `INVALID_REQUEST` when customer, product or plan does not exist, the last day is before the first, or
 *   terms contradict each other, `CONFLICT` when the key exists already, `INVALID_LICENSE` when it is malformed,
 *   `TRIAL_ALREADY_USED` when the terms give the user, customer or machine one trial of the product
 */
export async function issueLicense(ctx: Context, input: NewLicense): Promise<LicenseRow> {
  requireRole(ctx, "manager");
  const key = input.key === undefined ? generateKey() : cleanKey(input.key);
  const parsed = parseKey(key);
  return await inTransaction(ctx, async (ctx) => {
    const given = await newTerms(ctx, input);
    await lockProduct(ctx, input.productId);
    const customerId = await lockCustomer(ctx, input.customerId);
    if (parsed.checksumMismatch && !ctx.settings.acceptImportedKeys) await enableImportedKeys(ctx);
    const [license] = await ctx.db<LicenseRow[]>`
      insert into licenses (
        key, key_digest, product_id, customer_id, user_id, ${
      newTermColumns(ctx)
    }, notes, tags, metadata, created_at, updated_at
      ) values (
        ${key}, ${keyDigest(parsed)}, ${input.productId}, ${customerId}, ${input.userId ?? null},
        ${newTermValues(ctx, given)}, ${input.notes ?? ""}, ${input.tags ?? []},
        ${ctx.db.json(input.metadata ?? {})}, ${ctx.now}, ${ctx.now}
      )
      on conflict on constraint licenses_key_digest_unique do nothing
      returning *`;
    if (!license) {
      refuse("CONFLICT", { reason: "already_exists", subject: "license", field: "licenseKey" });
    }
    await claimTrial(ctx, license, input.machineOfTrial);
    await recordEvent(ctx, {
      type: "license.created",
      subjectId: license.id,
      licenseId: license.id,
      customerId: license.customerId,
      after: {
        ...newTermFacts(given),
        userId: license.userId,
        origin: input.key !== undefined ? "imported" : input.isStartedByApp ? "trial" : "single",
      },
    });
    return license;
  });
}

/**
 * Checks input that will be issued later, by a job.
 *
 * @throws DomainError `INVALID_REQUEST`
 */
export async function requireIssuable(ctx: Context, input: NewLicense): Promise<void> {
  await newTerms(ctx, input);
  await lockProduct(ctx, input.productId);
  await lockCustomer(ctx, input.customerId);
}

/** Generates a key that no license has. It is not reserved. */
export async function generateUnusedKey(ctx: Context): Promise<string> {
  requireRole(ctx, "manager");
  while (true) {
    const key = generateKey();
    const [existing] = await ctx.db`
      select 1
      from licenses
      where key_digest = ${keyDigest(parseKey(key))}`;
    if (!existing) return key;
  }
}
