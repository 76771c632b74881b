// Clears away seats whose time ran out.
import { deleteExpiredSeats } from "../../server/domain/seats/end.ts";
import type { Context } from "../../server/domain/context.ts";

export async function clearDeadSeatsJob(ctx: Context) {
  return { cleared: await deleteExpiredSeats(ctx) };
}
