// Erasure of leads and contacts: the rows stay for statistics, without what says who it was.
import type { Context } from "../context.ts";

/**
 * Erases leads with their contacts and activities, and single contacts of other leads.
 *
 * @returns how many contacts
 */
export async function eraseLeads(
  ctx: Context,
  { leadIds, contactIds }: { leadIds: number[]; contactIds: number[] },
): Promise<number> {
  await ctx.db`
    update institutions
    set
      name = 'Erased lead ' || id, website = null, city = null, country = null, notes = '', tags = '{}',
      updated_at = ${ctx.now}
    where id = any(${leadIds})`;
  await ctx.db`
    update lead_activities
    set text = 'erased'
    where institution_id = any(${leadIds}) or contact_id = any(${contactIds})`;
  const erased = await ctx.db`
    update contacts
    set
      name = 'Erased contact ' || id, email = null, phone = null, position = null, updated_at = ${ctx.now},
      deleted_at = coalesce(deleted_at, ${ctx.now})
    where id = any(${contactIds})`;
  return erased.count;
}
