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

export async function readKnown(db: Database): Promise<Known> {
  // Spread over the tables, so that the rows are not those that were read last.
  const spread = async <Row>(table: string, columns: string, condition: string) =>
    await db.unsafe<Row[]>(`
      select ${columns}
      from (
        select distinct on (wanted.n) t.*
        from (
          select n, floor((select max(id) from ${table}) * (n - 0.5) / ${COUNT})::bigint as id
          from generate_series(1, ${COUNT}) as n
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
      "is_active and machine_name is not null",
    ),
    events: await spread("events", "id, subject_id, request_id", "request_id is not null"),
    resources: await spread("resources", "id", "deleted_at is null"),
    leads: await spread("institutions", "id", "deleted_at is null"),
    deliveries: await spread("webhook_deliveries", "id, webhook_id", "true"),
  };
}
