// Values that occur in the data set, for the inputs of the calls.
import type { Database } from "../../../db/connect.ts";

/** Fifty of each kind. */
export interface Known {
  licenses: { id: number; key: string; customerId: number; userId: number }[];
  customers: { id: number; name: string; email: string }[];
  machines: { id: number; licenseId: number; hardwareId: string; machineName: string }[];
  events: { id: number; subjectId: number; requestId: string }[];
  resources: { id: number }[];
  leads: { id: number }[];
  deliveries: { id: number; webhookId: number }[];
}

const COUNT = 50;

/** The ids that each partition of events uses. */
const EVENT_RANGES = `
  select p.first_id as first, used.last
  from event_partitions p
  cross join lateral (
    select max(id) as last
    from events
    where id >= p.first_id and (p.end_id is null or id < p.end_id)
  ) as used`;

export async function readKnown(db: Database): Promise<Known> {
  // Spread over the tables, so that the rows are not those that were read last.
  const spread = async <Row>(
    table: string,
    columns: string,
    condition: string,
    ranges = `select 0 as first, max(id) as last from ${table}`,
  ) =>
    await db.unsafe<Row[]>(`
      with ranges as (
        select row_number() over (order by first) - 1 as number, count(*) over () as count, first, last
        from (${ranges}) as filled
        where last is not null
      )
      select ${columns}
      from (
        select distinct on (wanted.n) t.*
        from (
          select n, first + floor((last - first) * (n - 0.5) / ${COUNT})::bigint as id
          from generate_series(1, ${COUNT}) as n
          join ranges on number = n % count
        ) as wanted
        cross join lateral (
          select *
          from ${table}
          where id >= wanted.id and ${condition}
          order by id
          limit 1
        ) as t
      ) as found`);
  return {
    licenses: await spread(
      "licenses",
      "id, key, customer_id, user_id",
      "deleted_at is null and user_id is not null",
    ),
    customers: await spread("customers", "id, name, email", "deleted_at is null"),
    machines: await spread(
      "activations",
      "id, license_id, hardware_id, machine_name",
      `is_active and machine_name is not null
        and exists (select from licenses l where l.id = license_id and l.deleted_at is null)`,
    ),
    events: await spread("events", "id, subject_id, request_id", "request_id is not null", EVENT_RANGES),
    resources: await spread("resources", "id", "deleted_at is null"),
    leads: await spread("institutions", "id", "deleted_at is null"),
    deliveries: await spread("webhook_deliveries", "id, webhook_id", "true"),
  };
}
