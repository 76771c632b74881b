// Duplicates of imported leads: names are equal in the form of the SQL function `comparable`, and the email addresses do
// not differ: they are equal without regard to case, or one side has none.
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { isLockTimeout } from "../../../db/connect.ts";
import type { TableLead } from "./columns.ts";

/** A valid row of a table. */
export interface ImportedRecord {
  line: number;
  cells: string[];
  lead: TableLead;
}

/** A row of the table that is, or will be, a lead of its own. */
export interface AcceptedRecord {
  line: number;
  email: string | null;
  /** Known once it is saved. */
  id: number | null;
  /** The row, until its batch is saved. */
  pending: ImportedRecord | null;
}

/** What a row is a duplicate of. */
export type Original = { accepted: AcceptedRecord } | { leadId: number };

/** The key of the advisory lock that an import holds. An arbitrary number. */
const IMPORT_LOCK = 7_301_442;
/** How long an import waits for another one. */
const WAIT = "20s";

/**
 * Waits until no other import saves: until the end of the transaction every duplicate is seen, so that a table that is
 * imported twice at once is not saved twice.
 *
 * @throws DomainError `CONFLICT` when the other one takes too long
 */
export async function lockImports(ctx: Context): Promise<void> {
  const [{ before }] = await ctx.db<{ before: string }[]>`
    select current_setting('lock_timeout') as before`;
  try {
    await ctx.db`select set_config('lock_timeout', ${WAIT}, true)`;
    await ctx.db`select pg_advisory_xact_lock(${IMPORT_LOCK})`;
    await ctx.db`select set_config('lock_timeout', ${before}, true)`;
  } catch (error) {
    throw isLockTimeout(error) ? refuse("CONFLICT", { reason: "import_running" }) : error;
  }
}

/** Finds duplicates of rows among the existing leads and the earlier rows of the table. */
export class DuplicateFinder {
  private readonly accepted = new Map<string, AcceptedRecord[]>();

  /**
   * What each row is a duplicate of, and its index among the accepted rows if it is none.
   *
   * @param acceptAll whether duplicates become leads of their own
   */
  async find(
    ctx: Context,
    rows: ImportedRecord[],
    acceptAll: boolean,
  ): Promise<{ row: ImportedRecord; original: Original | null; accepted: AcceptedRecord | null }[]> {
    const matches = await findExisting(ctx, rows);
    return rows.map((row, at) => {
      const { nameKey, emailKey, leadId } = matches[at];
      const others = this.accepted.get(nameKey) ?? [];
      const same = others.find(({ email }) => email === null || emailKey === null || email === emailKey);
      // A lead that an earlier batch of this table has saved is found in both ways.
      const original: Original | null = same ? { accepted: same } : leadId !== null ? { leadId } : null;
      if (original && !acceptAll) return { row, original, accepted: null };
      const accepted = { line: row.line, email: emailKey, id: null, pending: row };
      this.accepted.set(nameKey, [...others, accepted]);
      return { row, original, accepted };
    });
  }

  /** Forgets a row that was refused after all, so that later rows are no duplicates of it. */
  forget(refused: AcceptedRecord): void {
    for (const [key, rows] of this.accepted) {
      if (rows.includes(refused)) this.accepted.set(key, rows.filter((row) => row !== refused));
    }
  }
}

/** For each row the keys that are compared, and the existing lead it is a duplicate of. */
async function findExisting(ctx: Context, rows: ImportedRecord[]) {
  return await inTransaction(ctx, async (ctx) => {
    // A cached plan of the first batches, when there were few leads, would read all leads for each row of a later one.
    await ctx.db`set local plan_cache_mode to force_custom_plan`;
    const found = await ctx.db<{ nameKey: string; emailKey: string | null; leadId: number | null }[]>`
      with input as materialized (
        select comparable(name) as name_key, lower(email) as email_key, position
        from unnest(
          ${rows.map(({ lead }) => lead.name)}::text[],
          ${rows.map(({ lead }) => lead.contactEmail ?? null)}::text[]
        ) with ordinality as input (name, email, position)
      )
      select name_key, email_key, existing.id as lead_id
      from input
      left join lateral (
        select i.id, bool_or(lower(k.email) = email_key) as has_address
        from institutions i
        left join contacts k on k.institution_id = i.id and k.deleted_at is null
        where comparable(i.name) = name_key and i.deleted_at is null
        group by i.id
        having email_key is null or count(k.email) = 0 or bool_or(lower(k.email) = email_key)
        order by has_address desc nulls last, i.id
        limit 1
      ) existing on true
      order by position`;
    await ctx.db`set local plan_cache_mode to default`;
    return found;
  });
}
