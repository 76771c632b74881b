// Erasure of machines: the activations stay for statistics, inactive, without what identifies the machine.
import type { Context } from "../context.ts";
import { deactivateActivation } from "./deactivate.ts";
import { deleteActivationTexts } from "./search_texts.ts";

/** Deactivates the machines of licenses and erases what identifies them; returns how many. */
export async function eraseActivations(ctx: Context, licenseIds: number[]): Promise<number> {
  const active = await ctx.db<{ id: number; licenseId: number }[]>`
    select id, license_id
    from activations
    where license_id = any(${licenseIds}) and is_active
    order by license_id, id`;
  for (const { id, licenseId } of active) await deactivateActivation(ctx, licenseId, id);
  const erased = await ctx.db`
    update activations
    set hardware_id = 'erased-' || id, machine_name = null, component_mark = null, metadata = '{}'
    where license_id = any(${licenseIds})`;
  await ctx.db`
    delete from activation_components
    where license_id = any(${licenseIds})`;
  await deleteActivationTexts(ctx, licenseIds);
  return erased.count;
}
