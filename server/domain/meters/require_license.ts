// That a license exists, whose metered use is read.
import type { Context } from "../context.ts";
import { refuseNotFound } from "../entity.ts";

/**
 * Refuses a license that does not exist; a deleted one does.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function requireLicense(ctx: Context, licenseId: number): Promise<void> {
  const [license] = await ctx.db<{ id: number }[]>`
    select id
    from licenses
    where id = ${licenseId}`;
  if (!license) refuseNotFound("license");
}
