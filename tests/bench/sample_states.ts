// Sample licenses that may not be used, so that answers of every kind are compared with the database.
import type { Database } from "../../db/connect.ts";

/** Gives the last licenses other states: disabled, expired, not yet valid, or with a deactivated machine. */
export async function spreadStates(db: Database, count: number): Promise<void> {
  const last = db`id > (select max(id) from licenses) - ${count}`;
  await db`
    update licenses
    set is_active = false
    where ${last} and id % 4 = 0`;
  await db`
    update licenses
    set valid_until = current_date - 1
    where ${last} and id % 4 = 1`;
  await db`
    update licenses
    set valid_from = current_date + 10
    where ${last} and id % 4 = 2`;
  await db`
    with deactivated as (
      update activations
      set is_active = false, deactivated_at = now()
      where license_id in (select id from licenses where ${last} and id % 4 = 3)
      returning license_id
    )
    update licenses
    set activations_in_use = activations_in_use - 1
    from deactivated
    where licenses.id = deactivated.license_id`;
}
