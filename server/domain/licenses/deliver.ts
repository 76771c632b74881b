// Having the keys of licenses mailed to their customers, on request.
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { eventsFrom } from "../events/record.ts";

/**
 * Requests that customers, or the users of licenses whose customer has no address, get the keys by mail, whatever the
 * setting. Deleted licenses are left out.
 *
 * @returns how many licenses are mailed, and how many have no one to be mailed to
 */
export async function requestDelivery(
  ctx: Context,
  { licenseIds }: { licenseIds: number[] },
): Promise<{ requested: number; withoutAddress: number }> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const [{ known, requested }] = await ctx.db<{ known: number; requested: number }[]>`
      with known as (
        select l.id, l.customer_id, (c.deleted_at is null and c.email is not null) or u.id is not null as has_address
        from licenses l
        join customers c on c.id = l.customer_id
        left join users u on u.id = l.user_id and u.disabled_at is null
        where l.id = any(${licenseIds}) and l.deleted_at is null
        order by l.id
      ),
      recorded as (${
      eventsFrom(
        ctx,
        "license.delivery_requested",
        ctx.db`
          select
            id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
            null::jsonb as before, null::jsonb as after
          from known
          where has_address`,
      )
    })
      select count(*) as known, count(*) filter (where has_address) as requested
      from known`;
    return { requested, withoutAddress: known - requested };
  });
}
