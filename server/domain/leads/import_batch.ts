// Inserting a batch of imported leads with their contacts and events in one statement.
import type { Context } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import type { LeadField, TableLead } from "./columns.ts";
import { createCustomerOfLead } from "./customer.ts";
import { nameOfContact } from "./import_update.ts";

/**
 * Inserts validated leads. Those in the stage "won" become customers.
 *
 * @returns their ids, in their order
 */
export async function insertLeads(ctx: Context, leads: TableLead[]): Promise<number[]> {
  const column = (name: LeadField) => leads.map((lead) => lead[name] ?? null) as (string | null)[];
  const inserted = await ctx.db<{ id: number; name: string; isWon: boolean }[]>`
    with input as (
      select *
      from unnest(
        ${column("name")}::text[], ${column("type")}::text[], ${column("stage")}::text[],
        ${column("website")}::text[], ${column("city")}::text[], ${column("country")}::text[],
        ${column("notes")}::text[], ${leads.map(nameOfContact)}::text[], ${column("contactEmail")}::text[],
        ${column("contactPhone")}::text[], ${column("contactPosition")}::text[]
      ) with ordinality as input (
        name, type, stage, website, city, country, notes, contact_name, contact_email, contact_phone,
        contact_position, position_in_table
      )
    ),
    -- Ids are generated first, because the contacts refer to them.
    numbered as (
      select input.*, nextval(pg_get_serial_sequence('institutions', 'id')) as id
      from input
      order by position_in_table
    ),
    inserted as (
      insert into institutions (
        id, name, type, stage, website, city, country, notes, created_at, updated_at
      ) overriding system value
      select
        id, name, coalesce(type, 'company'), coalesce(stage, 'new'), website, city, country, coalesce(notes, ''),
        ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
      from numbered
      returning *
    ),
    inserted_contacts as (
      insert into contacts (institution_id, name, email, phone, position, created_at, updated_at)
      select
        id, contact_name, contact_email, contact_phone, contact_position, ${ctx.now}::timestamptz,
        ${ctx.now}::timestamptz
      from numbered
      where contact_name is not null
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "lead.imported",
      ctx.db`
        select
          id as subject_id, null::bigint as license_id, null::bigint as customer_id, null::bigint as activation_id,
          null::jsonb as before,
          jsonb_build_object('name', name, 'type', type, 'stage', stage) as after
        from inserted`,
    )
  })
    select id, name, stage is not distinct from 'won' as is_won
    from numbered
    order by position_in_table`;
  for (const lead of inserted.filter(({ isWon }) => isWon)) {
    const customerId = await createCustomerOfLead(ctx, lead);
    await ctx.db`
      update institutions
      set customer_id = ${customerId}
      where id = ${lead.id}`;
  }
  return inserted.map(({ id }) => id);
}
