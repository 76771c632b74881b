// License files for the bench of status lists: places in a list, as if a file had been issued to the first machines.
import type { Database } from "../../db/connect.ts";
import { statusIndexOf } from "../../server/domain/license_files/status_index.ts";

/** At most so many files; one of a hundred was given back. */
const FILES = 20_000;

/** Inserts places for the first machines of the bench's product that may be used. @returns the name of their list */
export async function loadFiles(db: Database): Promise<string> {
  await db`
    insert into license_statuses (product_id, license_id, activation_id, created_at, expires_at, revoked_at)
    select
      l.product_id, l.id, a.id, now(), now() + interval '30 days',
      case when row_number() over (order by a.id) % 100 = 0 then now() end
    from activations a
    join licenses l on l.id = a.license_id
    where l.product_id = (select id from products where code = 'bench')
      and a.is_active and l.is_active and current_date between l.valid_from and l.valid_until
    order by a.id
    limit ${FILES}`;
  const [last] = await db<{ id: number; productId: number }[]>`
    select id, product_id
    from license_statuses
    order by id desc
    limit 1`;
  return statusIndexOf(last).list;
}
