// Records many events through the domain's verbs: licenses are disabled and enabled.
import type { Context } from "../../server/domain/context.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { makeLicense } from "./fixtures.ts";

/** The event types that are recorded. */
export const eventsOfTests = "license.disabled";

/**
 * Records events.
 *
 * @returns their ids as webhooks send them
 */
export async function recordManyEvents(ctx: Context, count: number): Promise<string[]> {
  const first = await makeLicense(ctx);
  const ids = [first.id];
  while (ids.length < Math.min(count, 500)) {
    const { id } = await makeLicense(ctx, { customerId: first.customerId, productId: first.productId });
    ids.push(id);
  }
  for (let created = 0; created < count;) {
    const some = ids.slice(0, count - created);
    created += (await setLicensesEnabled(ctx, { ids: some, enabled: false })).length;
    await setLicensesEnabled(ctx, { ids: some, enabled: true });
  }
  const rows = await ctx.db<{ uid: string }[]>`
    select uid
    from events
    where type = ${eventsOfTests} and license_id = any(${ids})`;
  return rows.map(({ uid }) => uid);
}
