// The list of seats in use.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import type { seatList } from "./inputs.ts";
import { containsPattern, listPage, type Page } from "../lists.ts";
import { seatNumber, type SeatRow } from "./seat.ts";

export type ListedSeat = Omit<SeatRow, "id"> & {
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
      ${seatNumber(ctx, ctx.db`s.id`)} as id, s.license_id, s.activation_id, s.started_at, s.last_heartbeat,
      s.expires_at, ${
      shownKey(ctx, ctx.db`l.key`)
    } as license_key, a.machine_name, c.id as customer_id, c.name as customer_name,
      p.id as product_id, p.name as product_name`,
    from: seatTables(ctx, query),
    pageFrom: ctx.db`
      seats s
      join licenses l on l.id = s.license_id
      join activations a on a.id = s.activation_id
      join customers c on c.id = l.customer_id
      join products p on p.id = l.product_id`,
    where: [
      ctx.db`s.expires_at > ${ctx.now}`,
      query.licenseId ? ctx.db`s.license_id = ${query.licenseId}` : null,
      query.customerId ? ctx.db`l.customer_id = ${query.customerId}` : null,
      query.productId ? ctx.db`l.product_id = ${query.productId}` : null,
      query.q
        ? ctx.db`(a.machine_name ilike ${containsPattern(query.q)} or c.name ilike ${
          containsPattern(query.q)
        })`
        : null,
    ],
    sorts: { id: { by: "s.started_at", type: "timestamptz" } },
    defaultSort: "-id",
    id: "s.activation_id",
  });
}

/** The tables that the filters of a request read. */
function seatTables(ctx: Context, query: z.infer<typeof seatList>): Fragment {
  if (query.q) {
    return ctx.db`
      seats s
      join licenses l on l.id = s.license_id
      join activations a on a.id = s.activation_id
      join customers c on c.id = l.customer_id`;
  }
  return query.customerId || query.productId
    ? ctx.db`seats s join licenses l on l.id = s.license_id`
    : ctx.db`seats s`;
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
