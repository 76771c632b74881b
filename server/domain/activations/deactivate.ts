// Giving a place back: the machine's app does it, or an administrator for it. The place is free at once, and so are
// the seats the machine held.
import { type Context, inTransaction } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { activationFacts, type ActivationRow } from "./activation.ts";
import { getValidationData } from "./validation_data.ts";

/**
 * Deactivates the machine. One that is inactive already stays so, and that is no error: the caller has what it asked
 * for. It works on licenses that are switched off or expired as well.
 *
 * @throws DomainError `INVALID_LICENSE`, or `NOT_ACTIVATED` (404) when the machine never was activated
 */
export async function deactivateMachine(
  ctx: Context,
  input: { licenseKey: string; hardwareId: string },
): Promise<{ activation: ActivationRow; licenseKey: string }> {
  const { license, activation: known } = await getValidationData(ctx, input.licenseKey, input.hardwareId, {
    fresh: true,
  });
  if (!known) {
    refuse("NOT_ACTIVATED", { reason: "not_found" });
  }
  await deactivateActivation(ctx, license.id, known.id);
  const [activation] = await ctx.db<ActivationRow[]>`
    select *
    from activations
    where id = ${known.id}`;
  return { activation, licenseKey: license.key };
}

/** Frees the place an activation holds, if it holds one; says whether it did. */
export async function deactivateActivation(
  ctx: Context,
  licenseId: number,
  activationId: number,
): Promise<boolean> {
  return await inTransaction(ctx, async (ctx) => {
    // A statement of its own: what follows must see the seats that were taken while this one waited.
    await ctx.db`
      select id
      from licenses
      where id = ${licenseId}
      for no key update`;
    const freed = await ctx.db`
      with freed as (
        update activations a
        set is_active = false, deactivated_at = ${ctx.now}
        from licenses
        where a.id = ${activationId} and a.license_id = ${licenseId} and a.is_active and licenses.id = a.license_id
        returning a.*, licenses.customer_id
      ),
      counted as (
        update licenses
        set activations_in_use = activations_in_use - 1
        from freed
        where licenses.id = freed.license_id
      ),
      ended as (
        update seats
        set expires_at = ${ctx.now}
        from freed
        where seats.activation_id = freed.id and seats.expires_at > ${ctx.now}
      ),
      recorded as (${eventsFrom(ctx, "license.deactivated", activationFacts(ctx, ctx.db`freed`))})
      select id
      from freed`;
    return freed.length > 0;
  });
}
