// Duplicates of imported customers: rows and customers with the same email address, ignoring case; without an address
// those with the same name and none either. The ID of an export finds its customer.
import { type Context, inTransaction } from "../context.ts";
import type {
  AcceptedRecord,
  DuplicateFinder,
  ImportedRecord,
  MatchedRecord,
  Original,
} from "../imports/imported_kind.ts";
import type { TableCustomer } from "./columns.ts";

type Customer = ImportedRecord<TableCustomer>;
type Accepted = AcceptedRecord<TableCustomer>;

export class CustomerDuplicates implements DuplicateFinder<TableCustomer> {
  private readonly accepted = new Map<string, Accepted>();

  async find(ctx: Context, rows: Customer[], acceptAll: boolean): Promise<MatchedRecord<TableCustomer>[]> {
    const matches = await findCustomersOf(ctx, rows.map(({ values }) => values));
    return rows.map((row, at) => {
      const { key, customerId } = matches[at];
      const same = this.accepted.get(key);
      // A customer that an earlier batch of this table has saved is found in both ways.
      const original: Original<TableCustomer> | null = same
        ? { accepted: same }
        : customerId !== null
        ? { existingId: customerId }
        : null;
      if (original && !acceptAll) return { row, original, accepted: null };
      const accepted: Accepted = { line: row.line, id: null, pending: row };
      if (!same) this.accepted.set(key, accepted);
      return { row, original, accepted };
    });
  }

  forget(refused: Accepted): void {
    for (const [key, row] of this.accepted) if (row === refused) this.accepted.delete(key);
  }
}

/**
 * For each row the key that is compared, and the existing customer it is. Tables of other systems have ids of
 * their own: an id counts only for a row that was exported here, or whose customer has the name or address of the row. What
 * was merged leads to the customer that stays.
 */
export async function findCustomersOf(
  ctx: Context,
  rows: Pick<TableCustomer, "id" | "name" | "email" | "revision">[],
) {
  return await inTransaction(ctx, async (ctx) => {
    // A cached plan of the first batches, when there were few customers, would read all of them for each row of a later one.
    await ctx.db`set local plan_cache_mode to force_custom_plan`;
    const found = await ctx.db<{ key: string; customerId: number | null }[]>`
      with input as materialized (
        select id, lower(name) as name_key, lower(email) as email_key,
          revision is not null as is_exported, position
        from unnest(
          ${rows.map(({ id }) => id ?? null)}::bigint[],
          ${rows.map(({ name }) => name)}::text[],
          ${rows.map(({ email }) => email ?? null)}::text[],
          ${rows.map(({ revision }) => revision ?? null)}::text[]
        ) with ordinality as input (id, name, email, revision, position)
      )
      select
        coalesce('email ' || email_key, 'name ' || name_key) as key, existing.customer_id
      from input
      left join lateral (
        select coalesce(c.merged_into_id, c.id) as customer_id
        from (
          select c.id, c.merged_into_id, 1 as rank
          from customers c
          where c.id = input.id and (c.deleted_at is null or c.merged_into_id is not null)
            and (is_exported or lower(c.email) = email_key or lower(c.name) = name_key)
          union all
          select c.id, c.merged_into_id, case when c.merged_into_id is null then 2 else 3 end
          from customers c
          where lower(c.email) = email_key and (c.deleted_at is null or c.merged_into_id is not null)
          union all
          select c.id, c.merged_into_id, 4
          from customers c
          where email_key is null and lower(c.name) = name_key and c.email is null and c.deleted_at is null
        ) c
        order by c.rank, c.id
        limit 1
      ) existing on true
      order by position`;
    await ctx.db`set local plan_cache_mode to default`;
    return found;
  });
}
