// Duplicates of imported leads: names are equal in the form of the SQL function `comparable`, and the email addresses do
// not differ: they are equal without regard to case, or one side has none.
import { type Context, inTransaction } from "../context.ts";
import type {
  AcceptedRecord,
  DuplicateFinder,
  ImportedRecord,
  MatchedRecord,
  Original,
} from "../imports/imported_kind.ts";
import type { TableLead } from "./columns.ts";

type Lead = ImportedRecord<TableLead>;

/** A row that is, or will be, a lead of its own. */
interface AcceptedLead extends AcceptedRecord<TableLead> {
  email: string | null;
}

export class LeadDuplicates implements DuplicateFinder<TableLead> {
  private readonly accepted = new Map<string, AcceptedLead[]>();

  async find(ctx: Context, rows: Lead[], acceptAll: boolean): Promise<MatchedRecord<TableLead>[]> {
    const matches = await findExisting(ctx, rows);
    return rows.map((row, at) => {
      const { nameKey, emailKey, leadId } = matches[at];
      const others = this.accepted.get(nameKey) ?? [];
      const same = others.find(({ email }) => email === null || emailKey === null || email === emailKey);
      // A lead that an earlier batch of this table has saved is found in both ways.
      const original: Original<TableLead> | null = same
        ? { accepted: same }
        : leadId !== null
        ? { existingId: leadId }
        : null;
      if (original && !acceptAll) return { row, original, accepted: null };
      const accepted = { line: row.line, email: emailKey, id: null, pending: row };
      this.accepted.set(nameKey, [...others, accepted]);
      return { row, original, accepted };
    });
  }

  forget(refused: AcceptedRecord<TableLead>): void {
    for (const [key, rows] of this.accepted) {
      if (rows.some((row) => row === refused)) {
        this.accepted.set(key, rows.filter((row) => row !== refused));
      }
    }
  }
}

/** For each row the keys that are compared, and the existing lead it is a duplicate of. */
async function findExisting(ctx: Context, rows: Lead[]) {
  return await inTransaction(ctx, async (ctx) => {
    // A cached plan of the first batches, when there were few leads, would read all leads for each row of a later one.
    await ctx.db`set local plan_cache_mode to force_custom_plan`;
    const found = await ctx.db<{ nameKey: string; emailKey: string | null; leadId: number | null }[]>`
      with input as materialized (
        select comparable(name) as name_key, lower(email) as email_key, position
        from unnest(
          ${rows.map(({ values }) => values.name)}::text[],
          ${rows.map(({ values }) => values.contactEmail ?? null)}::text[]
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
