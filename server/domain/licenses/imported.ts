// Inserting licenses that come from another system: a batch in one statement, with their events.
import type { Context } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import type { Metadata } from "../metadata.ts";
import { allTermColumns } from "../policy/term_columns.ts";
import { enableImportedKeys } from "../settings/settings.ts";
import { claimTrial } from "../trials/trial.ts";
import { generateKey, keyDigest, parseKey } from "./key.ts";
import type { LicenseRow } from "./license.ts";
import { newTermFacts, type NewTerms } from "./new_license.ts";

/** A license that is imported; its product and customer are locked, and its terms determined. */
export interface ImportedLicense {
  /** Null: a key is generated. */
  key: string | null;
  productId: number;
  customerId: number;
  userId: number | null;
  terms: NewTerms;
  isActive: boolean;
  disabledReason: string | null;
  notes: string;
  tags: string[];
  metadata: Metadata;
}

/**
 * Inserts licenses.
 *
 * @returns their ids, in their order
 * @throws DomainError `TRIAL_ALREADY_USED`, and a violated constraint for a key that exists
 */
export async function insertImported(ctx: Context, licenses: ImportedLicense[]): Promise<number[]> {
  if (!ctx.settings.acceptImportedKeys) {
    const isMismatch = ({ key }: ImportedLicense) => key !== null && parseKey(key).checksumMismatch;
    if (licenses.some(isMismatch)) await enableImportedKeys(ctx);
  }
  const records = licenses.map(recordOf);
  const saved = await ctx.db<{ id: number }[]>`
    with input as materialized (
      select l.*, given.value -> 'facts' as facts, given.position,
        nextval(pg_get_serial_sequence('licenses', 'id')) as new_id
      from jsonb_array_elements(${
    ctx.db.json(records as never)
  }::jsonb) with ordinality as given (value, position)
      cross join lateral jsonb_populate_record(null::licenses, given.value -> 'license') as l
      order by given.position
    ),
    inserted as (
      insert into licenses (
        id, key, key_digest, product_id, customer_id, user_id, plan_id, type, is_active, disabled_reason, valid_from,
        valid_until, anchor_day, updates_until, starts_with, ${allTermColumns(ctx.db)}, notes, tags, metadata,
        created_at, updated_at
      ) overriding system value
      select
        new_id, key, key_digest, product_id, customer_id, user_id, plan_id, type, is_active, disabled_reason,
        valid_from, valid_until, anchor_day, updates_until, starts_with, ${
    allTermColumns(ctx.db)
  }, notes, tags, metadata,
        ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
      from input
      order by position
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "license.created",
      ctx.db`
        select
          new_id as subject_id, new_id as license_id, customer_id, null::bigint as activation_id,
          null::jsonb as before, facts as after
        from input`,
    )
  })
    select new_id as id
    from input
    order by position`;
  const ids = saved.map(({ id }) => id);
  if (licenses.some(({ terms }) => terms.terms.trialPer !== "none")) await claimTrials(ctx, ids);
  return ids;
}

/** A license by the columns of its table, and the facts of its event. */
function recordOf(license: ImportedLicense) {
  const { productId, customerId, userId, isActive, disabledReason, notes, tags, metadata } = license;
  const { terms, ...dates } = license.terms;
  const key = license.key ?? generateKey();
  const values = {
    key,
    // The text form of bytea.
    keyDigest: `\\x${keyDigest(parseKey(key)).toHex()}`,
    productId,
    customerId,
    userId,
    isActive,
    disabledReason,
    ...dates,
    ...terms,
    notes,
    tags,
    metadata,
  };
  const column = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return {
    license: Object.fromEntries(Object.entries(values).map(([name, value]) => [column(name), value])),
    facts: { ...newTermFacts(license.terms), userId, origin: "imported" },
  };
}

async function claimTrials(ctx: Context, ids: number[]): Promise<void> {
  const claiming = await ctx.db<LicenseRow[]>`
    select *
    from licenses
    where id = any(${ids}) and trial_per <> 'none'
    order by id`;
  for (const license of claiming) await claimTrial(ctx, license);
}
