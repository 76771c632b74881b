// The log of API requests, for support.
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { listPage, type Page } from "../lists.ts";
import { idsOfCustomer, recordedOf } from "../merged_customers.ts";
import { networkOf } from "../network.ts";
import { inPeriod } from "../periods.ts";
import { shownKey } from "../shown_key.ts";
import type { ApiRequestRow } from "./api_request.ts";
import type { apiRequestList } from "./inputs.ts";

/** A request as people read it, with the names of who sent it and what it was about; null where there are none. */
export type ListedApiRequest = ApiRequestRow & {
  actorName: string | null;
  licenseKey: string | null;
  customerName: string | null;
  machineName: string | null;
  productName: string | null;
  userEmail: string | null;
};

/** Requests, the newest first. */
export async function listApiRequests(
  ctx: Context,
  query: z.infer<typeof apiRequestList>,
): Promise<Page<ListedApiRequest>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedApiRequest>(onPrimary(ctx), query, {
    columns: columnsOf(ctx),
    from: ctx.db`api_requests r`,
    where: [
      ...conditionsOf(ctx, query),
      inPeriod(ctx, "r.started_at", query),
      recordedOf(ctx, ctx.db`r.customer_id`, await idsOfCustomer(ctx, query.customerId)),
    ],
    sorts: {
      startedAt: { by: "r.started_at", type: "timestamptz" },
      id: { by: "r.id", type: "bigint" },
    },
    defaultSort: "-startedAt",
    id: "r.id",
  });
}

/** A replica has no unlogged tables. */
function onPrimary(ctx: Context): Context {
  return { ...ctx, replica: undefined };
}

function conditionsOf(ctx: Context, query: z.infer<typeof apiRequestList>): (Fragment | null)[] {
  const { db } = ctx;
  const { q, outcome, ip } = query;
  const network = ip === undefined ? undefined : networkOf(ip);
  return [
    outcome === "succeeded" ? db`r.code is null and r.status / 100 < 4` : null,
    outcome === "rejected" ? db`(r.code is not null or r.status / 100 >= 4)` : null,
    query.statusClass ? db`r.status / 100 = ${Number(query.statusClass[0])}` : null,
    query.code ? db`r.code = ${query.code}` : null,
    query.method ? db`r.method = ${query.method}` : null,
    query.route ? db`r.route = ${query.route}` : null,
    query.apiKeyId ? db`r.actor_kind = 'api_key' and r.actor_id = ${query.apiKeyId}` : null,
    query.productId ? db`r.product_id = ${query.productId}` : null,
    query.userId ? db`r.user_id = ${query.userId}` : null,
    query.licenseId ? db`r.license_id = ${query.licenseId}` : null,
    query.activationId ? db`r.activation_id = ${query.activationId}` : null,
    // What is no address has no network, and no requests.
    network === undefined ? null : db`r.network = ${network}::text`,
    query.requestId ? db`r.request_id = ${query.requestId}` : null,
    // Request ids and codes are what people paste: each has an index, and parts of them have no meaning.
    q ? db`(r.request_id = ${q} or r.code = ${q.toUpperCase()})` : null,
  ];
}

/** One request; refuses `NOT_FOUND`. */
export async function getApiRequest(ctx: Context, id: number): Promise<ListedApiRequest> {
  requireRole(ctx, "viewer");
  const [request] = await ctx.db<ListedApiRequest[]>`
    select ${columnsOf(ctx)}
    from api_requests r
    where r.id = ${id}`;
  return request ?? refuse("NOT_FOUND", { subject: "api_request", field: "id" });
}

/** Names are looked up by id for the rows of a page only. */
function columnsOf(ctx: Context): Fragment {
  return ctx.db`
    r.*,
    case r.actor_kind
      when 'api_key' then (select k.name from api_keys k where k.id = r.actor_id)
      when 'administrator' then (select a.name from administrators a where a.id = r.actor_id)
      when 'user' then (select u.email from users u where u.id = r.actor_id)
    end as actor_name,
    (select ${shownKey(ctx, ctx.db`l.key`)} from licenses l where l.id = r.license_id) as license_key,
    (select c.name from customers c where c.id = r.customer_id) as customer_name,
    (select a.machine_name from activations a where a.id = r.activation_id) as machine_name,
    (select p.name from products p where p.id = r.product_id) as product_name,
    (select u.email from users u where u.id = r.user_id) as user_email`;
}
