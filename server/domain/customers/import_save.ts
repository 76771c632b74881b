// Saving imported customers: a batch of new ones in one statement, and updates of existing ones, where a cell with a value
// replaces the customer's and an empty one leaves it.
import type { Context } from "../context.ts";
import { storedEmail } from "../email_address.ts";
import { eventsFrom } from "../events/record.ts";
import type { RowUpdate } from "../imports/imported_kind.ts";
import { revisionOfRow, type TableCustomer } from "./columns.ts";
import { type CustomerRow, updateCustomer } from "./customers.ts";

/**
 * Inserts validated customers.
 *
 * @returns their ids, in their order
 */
export async function insertCustomers(ctx: Context, customers: TableCustomer[]): Promise<number[]> {
  const metadata = customers.map((customer) => JSON.stringify(customer.metadata ?? {}));
  const inserted = await ctx.db<{ id: number }[]>`
    with input as (
      select *
      from unnest(
        ${customers.map(({ name }) => name)}::text[],
        ${customers.map(({ email }) => email ? storedEmail(email) : null)}::text[],
        ${customers.map(({ notes }) => notes ?? "")}::text[],
        ${customers.map(({ tags = [] }) => tags.join(","))}::text[],
        ${metadata}::text[]
      ) with ordinality as input (name, email, notes, tags, metadata, position)
    ),
    numbered as (
      select input.*, nextval(pg_get_serial_sequence('customers', 'id')) as id
      from input
      order by position
    ),
    inserted as (
      insert into customers (id, name, email, notes, tags, metadata, created_at, updated_at) overriding system value
      select
        id, name, email, notes, string_to_array(tags, ','), metadata::jsonb, ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
      from numbered
      returning id, name, email
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "customer.created",
      ctx.db`
        select
          id as subject_id, null::bigint as license_id, id as customer_id, null::bigint as activation_id,
          null::jsonb as before, jsonb_build_object('name', name, 'email', email) as after
        from inserted`,
    )
  })
    select id
    from numbered
    order by position`;
  return inserted.map(({ id }) => id);
}

/** Updates customers by the rows that name them. What is equal already costs no statement. */
export async function updateFromRows(ctx: Context, updates: RowUpdate<TableCustomer>[]): Promise<void> {
  const customers = await readCustomers(ctx, updates, false);
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  for (const { id, values: { id: _, revision: __, ...values } } of updates) {
    const before = byId.get(id);
    const given = { ...values, email: values.email ? storedEmail(values.email) : undefined };
    const changes = Object.fromEntries(
      Object.entries(given).filter(([name, value]) =>
        value !== undefined && JSON.stringify(value) !== JSON.stringify(before?.[name as keyof CustomerRow])
      ),
    );
    if (Object.keys(changes).length > 0) byId.set(id, await updateCustomer(ctx, { id, changes }));
  }
}

/** The customers of rows that were exported before they were changed. They are locked. */
export async function getOutdated(ctx: Context, exported: RowUpdate<TableCustomer>[]): Promise<Set<number>> {
  const current = await readCustomers(ctx, exported, true);
  const revisions = new Map(current.map((customer) => [customer.id, revisionOfRow(customer)]));
  return new Set(
    exported.filter(({ id, values }) => revisions.get(id) !== values.revision).map(({ id }) => id),
  );
}

function readCustomers(ctx: Context, rows: RowUpdate<TableCustomer>[], locks: boolean) {
  return ctx.db<CustomerRow[]>`
    select *
    from customers
    where id = any(${rows.map(({ id }) => id)}::bigint[])
    order by id
    ${locks ? ctx.db`for update` : ctx.db``}`;
}
