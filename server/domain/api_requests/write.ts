// Writing requests, and deleting those that are too old or too many.
import type { Db } from "../../../db/connect.ts";
import type { Settings } from "../settings/schema.ts";
import type { NewApiRequest } from "./api_request.ts";

const DAY = 86_400_000;
/** Rows deleted in one statement. */
const BATCH = 10_000;

/** Writes requests in one statement, with the license of an activation, and the customer and product of a license. */
export async function writeApiRequests(db: Db, requests: NewApiRequest[]): Promise<void> {
  const rows = requests.map((request) => ({ ...request, startedAt: request.startedAt.toISOString() }));
  await db`
    insert into api_requests (
      started_at, request_id, method, route, path, status, code, duration_ms, network, user_agent, actor_kind, actor_id,
      license_id, activation_id, customer_id, user_id, product_id, license_text, seen, kept,
      request_body, response_body
    )
    select
      r."startedAt", r."requestId", r.method, r.route, r.path, r.status, r.code, r."durationMs", r.network, r."userAgent",
      r."actorKind", r."actorId", coalesce(r."licenseId", a.license_id), r."activationId",
      coalesce(r."customerId", l.customer_id), r."userId", l.product_id, r."licenseText", r.seen, r.kept, r."requestBody",
      r."responseBody"
    from jsonb_to_recordset(${db.json(rows)}) as r (
      "startedAt" timestamptz, "requestId" text, method text, route text, path text, status integer, code text,
      "durationMs" double precision, network text, "userAgent" text, "actorKind" text, "actorId" bigint,
      "licenseId" bigint, "activationId" bigint, "customerId" bigint, "userId" bigint, "licenseText" text,
      seen integer, kept integer, "requestBody" text, "responseBody" text
    )
    left join activations a on a.id = r."activationId" and r."licenseId" is null
    left join licenses l on l.id = coalesce(r."licenseId", a.license_id)
    order by r."startedAt"`;
}

/** What bounds the table. */
export type Retention = Pick<Settings, "keepApiRequestsFor" | "maxApiRequests">;

/**
 * Deletes requests that are older than the setting, and the oldest of those that are too many. Ids are nearly in the order
 * of time, so only the oldest rows are read.
 *
 * @param options.batches how many statements at most; each deletes 10,000 rows
 * @returns how many were deleted
 */
export async function pruneApiRequests(
  { db, now, settings }: { db: Db; now: Date; settings: Retention },
  { batches = Infinity }: { batches?: number } = {},
): Promise<number> {
  const before = new Date(now.getTime() - settings.keepApiRequestsFor * DAY);
  let total = 0;
  for (let batch = 0; batch < batches; batch++) {
    const deleted = await db`
      delete from api_requests
      where id in (
        select id
        from (
          select id, started_at
          from api_requests
          order by id
          limit ${BATCH}
        ) as oldest
        where started_at < ${before} or id <= (select max(id) from api_requests) - ${settings.maxApiRequests}::bigint
      )`;
    total += deleted.count;
    if (deleted.count < BATCH) break;
  }
  return total;
}
