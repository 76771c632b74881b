// Erasure of anomalies: that there was one stays, without machines, networks and notes.
import type { Context } from "../context.ts";

/** Erases the anomalies of customers and licenses. */
export async function eraseAnomalies(
  ctx: Context,
  { customerIds, licenseIds, fields }: { customerIds: number[]; licenseIds: number[]; fields: string[] },
): Promise<void> {
  await ctx.db`
    update anomalies
    set facts = without_personal_facts(facts, ${fields}), subject = 'erased ' || id, note = null
    where license_id = any(${licenseIds}) or customer_id = any(${customerIds})`;
}
