// Machines that a bench deactivates: active ones, inserted before each load.
import type { Database } from "../../db/connect.ts";

/** The machine with this number, and the key of its license. */
export function goneMachine(keys: string[], number: number): { key: string; hardwareId: string } {
  return { key: keys[number % keys.length], hardwareId: `gone-${number}` };
}

/** Inserts active machines with these numbers. */
export async function addMachines(db: Database, keys: string[], first: number, count: number): Promise<void> {
  const machines = Array.from({ length: count }, (_, n) => goneMachine(keys, first + n));
  await db`
    with added as (
      insert into activations (license_id, hardware_id, machine_name, app_version, activated_at, last_heartbeat)
      select l.id, machine.hardware_id, 'GONE-PC', '1.0.0', now(), now()
      from unnest(
        ${machines.map(({ key }) => key)}::text[], ${machines.map(({ hardwareId }) => hardwareId)}::text[]
      ) as machine (key, hardware_id)
      join licenses l on l.key_digest = sha256(replace(machine.key, '-', '')::bytea)
      returning license_id
    )
    update licenses
    set activations_in_use = activations_in_use + counted.machines
    from (
      select license_id, count(*) as machines
      from added
      group by license_id
    ) as counted
    where licenses.id = counted.license_id`;
}
