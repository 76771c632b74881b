// The list of seats in use.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { ofCurrentCustomer } from "../merged_customers.ts";
import type { seatList } from "./inputs.ts";
import { findMatchingActivations } from "../devices/search.ts";
import { allOf, textMatches } from "../list_conditions.ts";
import { type ListDefinition, listPage, type Page } from "../lists.ts";
import type { SeatRow } from "./seat.ts";

export type ListedSeat = Omit<SeatRow, "id" | "number"> & {
  id: number;
  licenseKey: string;
  machineName: string | null;
  customerId: number;
  customerName: string;
  productId: number;
  productName: string;
};

/** Lists seats in use, the newest first. Their ids are the apps' secrets, so the list has numbers instead. */
export async function listSeats(ctx: Context, query: z.infer<typeof seatList>): Promise<Page<ListedSeat>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedSeat>(ctx, query, {
    columns: ctx.db`
      s.number as id, s.license_id, s.activation_id, s.started_at, s.last_heartbeat,
      s.expires_at, ${
      shownKey(ctx, ctx.db`l.key`)
    } as license_key, a.machine_name, c.id as customer_id, c.name as customer_name,
      p.id as product_id, p.name as product_name`,
    pageFrom: ctx.db`
      seats s
      join licenses l on l.id = s.license_id
      join activations a on a.id = s.activation_id
      join customers c on c.id = l.customer_id
      join products p on p.id = l.product_id`,
    ...await selectSeats(ctx, query),
    sorts: { id: { by: "s.started_at", type: "timestamptz" } },
    defaultSort: "-id",
    id: "s.number",
  });
}

/** The parts of the list that select the seats of a request. */
async function selectSeats(
  ctx: Context,
  given: z.infer<typeof seatList>,
): Promise<Pick<ListDefinition, "from" | "where" | "forTotal">> {
  const query = await ofCurrentCustomer(ctx, given);
  const inUse = ctx.db`s.expires_at > ${ctx.now}`;
  const ofLicense = [
    query.licenseId ? ctx.db`s.license_id = ${query.licenseId}` : null,
    query.customerId ? ctx.db`l.customer_id = ${query.customerId}` : null,
    query.productId ? ctx.db`l.product_id = ${query.productId}` : null,
  ];
  const needsLicense = query.customerId || query.productId;
  const joined = needsLicense ? ctx.db`join licenses l on l.id = s.license_id` : ctx.db``;
  const from = ctx.db`seats s ${joined}`;
  const where = [inUse, ...ofLicense];
  if (!query.q) return { from, where };
  const few = await findFewSeats(ctx, query.q);
  if (few) return { from, where: [...where, few.isMatch] };
  // Sorted first, "offset 0" keeps it so, and the names are looked up until the page is full. What is sorted is narrow.
  const order = ctx.db.unsafe(query.sort === "id" ? "asc" : "desc");
  const seats = ctx.db`
    (
      select number, activation_id, license_id, started_at
      from seats
      where expires_at > ${ctx.now}
      order by started_at ${order}, number ${order}
      offset 0
    ) s`;
  const isMatch = ctx.db`(
    select ${textMatches(ctx, ctx.db`a.machine_name`, query.q)} or ${
    textMatches(ctx, ctx.db`c.name`, query.q)
  }
    from activations a
    join licenses on licenses.id = a.license_id
    join customers c on c.id = licenses.customer_id
    where a.id = s.activation_id
  )`;
  return {
    from: ctx.db`${seats} ${joined}`,
    where: [...ofLicense, isMatch],
    forTotal: { from, where: allOf(ctx, where), checks: [isMatch] },
  };
}

/** So many customers are selected by their ids. */
const FEW_CUSTOMERS = 1000;

/** The condition that selects seats by the name of the machine or customer; null when many machines or customers match. */
async function findFewSeats(ctx: Context, q: string): Promise<{ isMatch: Fragment } | null> {
  const customers = await plannedForValues(ctx.db<{ id: number }[]>`
    select c.id
    from customers c
    where c.deleted_at is null and ${textMatches(ctx, ctx.db`c.name`, q)}
    limit ${FEW_CUSTOMERS + 1}`);
  if (customers.length > FEW_CUSTOMERS) return null;
  const { ids: machines } = await findMatchingActivations(ctx, q, ["machineName"]);
  if (!machines) return null;
  const isMatch = ctx.db`
    s.activation_id in (
      select a.id
      from activations a
      where a.id = any(${machines}::bigint[]) and ${textMatches(ctx, ctx.db`a.machine_name`, q)}
      union all
      select seats.activation_id
      from licenses
      join seats on seats.license_id = licenses.id
      where licenses.customer_id = any(${customers.map(({ id }) => id)}::bigint[])
    )`;
  return { isMatch };
}

/** Seats in use. */
export async function countActiveSeats(ctx: Context): Promise<number> {
  requireRole(ctx, "viewer");
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from seats
    where expires_at > ${ctx.now}`;
  return count;
}
