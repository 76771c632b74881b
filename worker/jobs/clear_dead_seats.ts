// Clears away seats whose time ran out.
import { clearDeadSeats } from "../../server/domain/seats/seats.ts";
import type { Context } from "../../server/domain/context.ts";

export async function clearDeadSeatsJob(ctx: Context) {
  return { cleared: await clearDeadSeats(ctx) };
}
