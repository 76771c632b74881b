// The time zone that an administrator reads mail in: that of the panel's preferences.
import type { Context } from "../context.ts";

/** The preference of how times are written: `{ timeZone }` is the name of a zone (IANA, "Europe/Berlin"), or null. */
const TIME_FORMAT = "timeFormat";

/** The time zone of an administrator; null when it is not known. */
export async function findTimeZone(
  ctx: Pick<Context, "db">,
  administratorId: number,
): Promise<string | null> {
  const [row] = await ctx.db<{ value: unknown }[]>`
    select value
    from administrator_preferences
    where administrator_id = ${administratorId} and name = ${TIME_FORMAT}`;
  const format = row?.value as { timeZone?: unknown } | null | undefined;
  return typeof format?.timeZone === "string" ? format.timeZone : null;
}
