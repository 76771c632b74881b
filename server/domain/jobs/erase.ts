// Erasure of rows of imported files that were refused and kept to be corrected.
import type { Context } from "../context.ts";

/** Deletes the refused rows in which an address occurs, in lower or upper case. */
export async function deleteInvalidRowsWith(ctx: Context, email: string): Promise<void> {
  await ctx.db`
    delete from job_invalid_rows
    where strpos(lower(cells::text), ${email}) > 0`;
}
