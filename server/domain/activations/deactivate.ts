// Deactivating a machine, by its app or by an administrator. Its activation and its seats are freed immediately.
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { eventsFrom } from "../events/record.ts";
import { activationEvents, type ActivationRow } from "./activation.ts";
import { getValidationData } from "./validation_data.ts";

/**
 * Deactivates a machine, on disabled and expired licenses as well. Does nothing when it is inactive already.
 *
 * @throws DomainError `INVALID_LICENSE`, or `NOT_ACTIVATED` when the machine was never activated
 */
export async function deactivateMachine(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string },
): Promise<{ activation: ActivationRow; licenseKey: string }> {
  const data = await getValidationData(ctx, input.licenseKey, input.hardwareId, { uncached: true });
  if (!data.activation) refuse("NOT_ACTIVATED", { reason: "not_found" });
  await deactivateActivation(ctx, data.license.id, data.activation.id);
  const [activation] = await ctx.db<ActivationRow[]>`
    select *
    from activations
    where id = ${data.activation.id}`;
  return { activation, licenseKey: data.license.key };
}

/**
 * Deactivates an activation and ends its seats.
 *
 * @returns false when it was inactive already
 */
export async function deactivateActivation(
  ctx: Context,
  licenseId: number,
  activationId: number,
): Promise<boolean> {
  return await inTransaction(ctx, async (ctx) => {
    // Locks the license in a statement of its own, so that the next one sees seats started while this one waited.
    await ctx.db`
      select id
      from licenses
      where id = ${licenseId}
      for no key update`;
    const deactivated = await ctx.db`
      with deactivated as (
        update activations a
        set is_active = false, deactivated_at = ${ctx.now}
        from licenses
        where a.id = ${activationId} and a.license_id = ${licenseId} and a.is_active and licenses.id = a.license_id
        returning a.*, licenses.customer_id
      ),
      counted as (
        update licenses
        set activations_in_use = activations_in_use - 1
        from deactivated
        where licenses.id = deactivated.license_id
      ),
      ended as (
        update seats
        set expires_at = ${ctx.now}
        from deactivated
        where seats.activation_id = deactivated.id and seats.expires_at > ${ctx.now}
      ),
      recorded as (${eventsFrom(ctx, "license.deactivated", activationEvents(ctx, ctx.db`deactivated`))})
      select id
      from deactivated`;
    return deactivated.length > 0;
  });
}
