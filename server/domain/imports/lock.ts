// Imports are saved one after another.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { isLockTimeout } from "../../../db/connect.ts";

/** The key of the advisory lock that an import holds. An arbitrary number. */
const IMPORT_LOCK = 7_301_442;
/** How long an import waits for another one. */
const WAIT = "20s";

/**
 * Waits until no other import saves: until the end of the transaction every duplicate is seen, so that a table that is
 * imported twice at once is not saved twice.
 *
 * @throws DomainError `CONFLICT` when the other one takes too long
 */
export async function lockImports(ctx: Context): Promise<void> {
  const [{ before }] = await ctx.db<{ before: string }[]>`
    select current_setting('lock_timeout') as before`;
  try {
    await ctx.db`select set_config('lock_timeout', ${WAIT}, true)`;
    await ctx.db`select pg_advisory_xact_lock(${IMPORT_LOCK})`;
    await ctx.db`select set_config('lock_timeout', ${before}, true)`;
  } catch (error) {
    throw isLockTimeout(error) ? refuse("CONFLICT", { reason: "import_running" }) : error;
  }
}
