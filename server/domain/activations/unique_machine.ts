// Where a machine may be active once: on a license whose machine_uniqueness is its plan, product or customer, a machine is
// refused that is active on any other license there, whatever that one's own terms are.
import type { Db } from "../../../db/connect.ts";

/**
 * Locks machines that may be active once until the transaction ends: two licenses on which one is activated at once wait for each
 * other here. Call it when the licenses are locked, and look for other activations afterwards.
 */
export async function lockMachines(db: Db, hardwareIds: string[]): Promise<void> {
  await db`
    select pg_advisory_xact_lock(hashtextextended('machine ' || hardware_id, 0))
    from unnest(${hardwareIds}::text[]) as machine (hardware_id)`;
}

/** Another license within the uniqueness of a license on which a machine is active. */
export async function findOtherActivation(
  db: Db,
  licenseId: number,
  hardwareId: string,
): Promise<number | null> {
  const [other] = await db<{ id: number }[]>`
    select o.id
    from licenses l
    join activations a on a.hardware_id = ${hardwareId} and a.is_active and a.license_id <> l.id
    join licenses o on o.id = a.license_id
    where l.id = ${licenseId} and o.deleted_at is null
      and case l.machine_uniqueness
        when 'plan' then o.plan_id = l.plan_id
        when 'product' then o.product_id = l.product_id
        when 'customer' then o.customer_id = l.customer_id
      end
    order by o.id
    limit 1`;
  return other?.id ?? null;
}
