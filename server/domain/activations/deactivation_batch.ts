// Deactivations of several callers in one transaction of two statements. The first locks the licenses, so that the second
// one sees seats that were started until then.
import { type Db, transaction } from "../../../db/connect.ts";
import type { ActivationRow, DeactivationReason } from "./activation.ts";
import type { EventType } from "../events/record.ts";
import { type LicenseRequest, lockedLicenses, machineEvents, requestRows } from "./machine_requests.ts";

/** The machine of one caller. */
export interface DeactivationRequest extends LicenseRequest {
  /** The machine's activation, or its fingerprint. */
  machine: { activationId: number; hardwareId: null } | { activationId: null; hardwareId: string };
  /** Absent when its app, its user or an administrator deactivates it. */
  reason?: DeactivationReason;
  /** The machine is deactivated only if it was not heard of since then. */
  idleSince?: Date;
}

export interface DeactivationResult {
  activation: ActivationRow;
  licenseKey: string;
  /** False when it was inactive already. */
  isChanged: boolean;
}

/**
 * Deactivates machines and ends their seats. A license that is named by its key is found unless it is deleted or of
 * another product than the caller's.
 *
 * @param options.waits whether it waits for licenses and machines that another transaction has locked
 * @returns a result for each request, in order; null when license or machine were not found, or are locked
 */
export async function deactivateMachines(
  db: Db,
  requests: DeactivationRequest[],
  { waits }: { waits: boolean },
): Promise<(DeactivationResult | null)[]> {
  const rows = await transaction(db, async (db) => {
    const own = {
      names: db`activation_id, hardware_id, reason, idle_since`,
      arrays: db`
        ${requests.map(({ machine }) => machine.activationId)}::bigint[],
        ${requests.map(({ machine }) => machine.hardwareId)}::text[],
        ${requests.map(({ reason }) => reason ?? null)}::text[],
        ${requests.map(({ idleSince }) => idleSince?.toISOString() ?? null)}::timestamptz[]`,
    };
    const licenses = await db<{ id: number }[]>`
      with request as materialized (${requestRows(db, requests, own)}),
      locked as materialized (${lockedLicenses(db, { waits })})
      select id
      from locked`;
    return await db<(ActivationRow & { position: number; licenseKey: string; isChanged: boolean })[]>`
      with request as materialized (${requestRows(db, requests, own)}),
      machine as materialized (
        select a.id, a.is_active, a.last_heartbeat, r.position, l.customer_id, l.key
        from request r
        join licenses l on l.id = r.license_id
        join activations a on a.license_id = l.id and a.id = coalesce(
          r.activation_id,
          (select id from activations where license_id = r.license_id and hardware_id = r.hardware_id)
        )
        where l.id = any(${licenses.map(({ id }) => id)}::bigint[])
          and (
            r.given_id is not null
            or l.deleted_at is null and (r.product_id is null or l.product_id = r.product_id)
          )
        order by a.id
        for no key update of a ${waits ? db`` : db`skip locked`}
      ),
      active as materialized (
        select distinct on (m.id)
          m.id, m.customer_id, r.*
        from machine m
        join request r on r.position = m.position
        where m.is_active and m.last_heartbeat <= coalesce(r.idle_since, 'infinity')
        order by m.id, m.position
      ),
      deactivated as (
        update activations a
        set is_active = false, deactivated_at = active.at, deactivation_reason = active.reason
        from active
        where a.id = active.id
        returning a.*
      ),
      counted as (
        update licenses
        set activations_in_use = activations_in_use - removed.count
        from (
          select license_id, count(*) as count
          from deactivated
          group by license_id
        ) as removed
        where licenses.id = removed.license_id
      ),
      ended as (
        update seats
        set expires_at = active.at
        from active
        where seats.activation_id = active.id and seats.expires_at > active.at
      ),
      recorded as (${
      machineEvents(
        db,
        db`
          select
            case active.reason
              when ${"replaced" satisfies DeactivationReason} then ${"activation.replaced" satisfies EventType}::text
              when ${"lapsed" satisfies DeactivationReason} then ${"activation.lapsed" satisfies EventType}
              else ${"license.deactivated" satisfies EventType}
            end as type, active.at, active.actor_kind, active.actor_id, active.actor_name,
            active.request_id, active.traceparent, active.customer_id, active.network,
            d.id, d.license_id, d.hardware_id, d.machine_name, d.app_version
          from deactivated d
          join active on active.id = d.id
          order by active.position`,
      )
    })
      select m.position, m.key as license_key, active.position = m.position as is_changed, d.*
      from deactivated d
      join active on active.id = d.id
      join machine m on m.id = d.id
      union all
      select m.position, m.key, false, a.*
      from machine m
      join activations a on a.id = m.id
      where not m.is_active`;
  });
  const results = requests.map((): DeactivationResult | null => null);
  for (const { position, licenseKey, isChanged, ...activation } of rows) {
    results[position - 1] = { activation, licenseKey, isChanged };
  }
  return results;
}
