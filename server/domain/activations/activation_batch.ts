// Activations of several callers in one statement. It locks each license once, in the order of ids, so that limits stay
// exact, and decides only what is certain: whatever it leaves undecided its caller tries again alone.
import type { Db } from "../../../db/connect.ts";
import type { CalendarDay } from "../calendar.ts";
import { eventsOfCallers, type EventType } from "../events/record.ts";
import { startAssignments, startColumns } from "../licenses/start.ts";
import { activationCapacityOf, usableOn } from "../policy/conditions.ts";
import type { ActivationRow } from "./activation.ts";
import { type LicenseRequest, lockedLicenses, machineEvents, requestRows } from "./machine_requests.ts";

/** The machine of one caller, and the license to activate on it. */
export interface ActivationRequest extends LicenseRequest {
  /** Today in UTC. */
  day: CalendarDay;
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  /** Which machine may be activated that is not already: any, or one whose activation lapsed. */
  admits: "any" | "lapsed";
  /** Metadata as JSON, which replaces that of the activation; null: what is there stays. */
  metadata: string | null;
  /** Whether the license was found to cover the app's version. Without that it is undecided where the version decides. */
  isVersionEntitled: boolean;
}

export interface ActivationResult {
  activation: ActivationRow;
  /** The key as it was issued. */
  licenseKey: string;
  /** False when the machine was activated already. */
  isNew: boolean;
  /** Whether it is new and beyond the activation limit, which the overage of the license admits. */
  isOverLimit: boolean;
  /** How long the activation stays active without a heartbeat, such as "P30D"; null: for ever. */
  machineLease: string | null;
}

type ActivatedRow = ActivationRow & Omit<ActivationResult, "activation"> & {
  position: number;
  inUse: number | null;
};

/**
 * Activates machines. On a machine that is activated already only its name, version and metadata are updated, also when the license
 * is at its limit.
 *
 * Where the terms count other machines too, no new one is activated unless it waits: `admitMachines` has counted them.
 *
 * @param options.waits whether it waits for licenses and machines that another transaction has locked; otherwise their
 *   requests are undecided, so that no caller waits for another one's license
 * @returns a result for each request, in order; null when the license is not usable or has no free activation, and when it
 *   is undecided: the app's version decides and was not evaluated, of several requests for one machine the first is decided, and a machine that another transaction has
 *   activated since the statement began is not
 */
export async function activateMachines(
  db: Db,
  requests: ActivationRequest[],
  { waits }: { waits: boolean },
): Promise<(ActivationResult | null)[]> {
  const column = <Name extends keyof ActivationRequest>(name: Name) =>
    requests.map((request) => request[name]);
  const own = {
    names: db`day, hardware_id, machine_name, app_version, admits, new_metadata, is_version_entitled`,
    arrays: db`
      ${column("day")}::date[], ${column("hardwareId")}::text[], ${column("machineName")}::text[],
      ${column("appVersion")}::text[], ${column("admits")}::text[], ${column("metadata")}::text[],
      ${requests.map(({ isVersionEntitled }) => isVersionEntitled ? 1 : 0)}::integer[]`,
  };
  const events = machineEvents(
    db,
    db`
      select
        case when d.is_new then 'license.activated' else 'activation.updated' end as type,
        u.at, u.actor_kind, u.actor_id, u.actor_name, u.request_id, u.traceparent, u.customer_id, u.network,
        d.id, d.license_id, d.hardware_id, d.machine_name, d.app_version
      from decided d
      join usable u on u.license_id = d.license_id and u.hardware_id = d.hardware_id
      left join known k on k.position = u.position
      where d.is_new
        or (d.machine_name, d.app_version, d.metadata) is distinct from (k.machine_name, k.app_version, k.metadata)
      order by u.position`,
  );
  const beyond = eventsOfCallers(
    db,
    "activation",
    db`
      select
        ${"activation.over_limit" satisfies EventType}::text as type, u.at, u.actor_kind, u.actor_id, u.actor_name, u.request_id, u.traceparent,
        d.id as subject_id, d.license_id, u.customer_id, d.id as activation_id, null::jsonb as before,
        jsonb_build_object('inUse', d.in_use, 'limit', u.max_activations) as after
      from decided d
      join usable u on u.license_id = d.license_id and u.hardware_id = d.hardware_id
      where d.in_use > u.max_activations
      order by u.position`,
  );
  const startEvents = eventsOfCallers(
    db,
    "license",
    db`
      select distinct on (c.license_id)
        'license.started' as type, u.at, u.actor_kind, u.actor_id, u.actor_name, u.request_id, u.traceparent,
        c.license_id as subject_id, c.license_id, c.customer_id, null::bigint as activation_id,
        null::jsonb as before, c.start_facts as after
      from counted c
      join usable u on u.license_id = c.license_id
      where c.started_with is not null
      order by c.license_id, u.position`,
  );
  const isUsable = usableOn({ db }, "l", db`r.day`, { isEntitled: db`r.is_version_entitled = 1` });
  // `locked` and `known` have the rows as they are when they are locked, which may be later than the statement's snapshot.
  // A machine that the snapshot does not have yet is caught by the unique constraint.
  const rows = await db<ActivatedRow[]>`
    with request as materialized (${requestRows(db, requests, own)}),
    locked as materialized (${lockedLicenses(db, { waits })}),
    usable as materialized (
      select distinct on (r.license_id, r.hardware_id)
        r.*, l.key, l.customer_id, l.max_activations, l.activations_in_use, l.machine_lease,
        l.max_new_machines is null and l.machine_uniqueness = 'license' as depends_on_limit_alone,
        ${activationCapacityOf({ db }, "l")} - l.activations_in_use as free
      from request r
      join locked l on l.id = r.license_id
      where (r.product_id is null or l.product_id = r.product_id) and ${isUsable}
      order by r.license_id, r.hardware_id, r.position
    ),
    known as materialized (
      select a.id, a.is_active, a.deactivation_reason, a.machine_name, a.app_version, a.metadata, u.position
      from usable u
      join activations a on a.license_id = u.license_id and a.hardware_id = u.hardware_id
      order by a.id
      for no key update of a ${waits ? db`` : db`skip locked`}
    ),
    wanted as materialized (
      select u.*, k.id as known_id, row_number() over (partition by u.license_id order by u.position) as rank
      from usable u
      left join known k on k.position = u.position
      where k.is_active is not true and (u.admits = 'any' or k.deactivation_reason = 'lapsed')
        and (u.depends_on_limit_alone or ${waits}::boolean)
    ),
    inserted as (
      insert into activations (
        license_id, hardware_id, machine_name, app_version, activated_at, first_activated_at, last_heartbeat, metadata
      )
      select
        license_id, hardware_id, machine_name, app_version, at, at, at, coalesce(new_metadata::jsonb, '{}')
      from wanted
      where rank <= free and known_id is null
      order by position
      on conflict on constraint activations_hardware_id_unique do nothing
      returning *
    ),
    reactivated as (
      update activations a
      set
        is_active = true, deactivated_at = null, deactivation_reason = null, activated_at = w.at, last_heartbeat = w.at,
        machine_name = coalesce(w.machine_name, a.machine_name), app_version = coalesce(w.app_version, a.app_version),
        metadata = coalesce(w.new_metadata::jsonb, a.metadata)
      from wanted w
      where a.id = w.known_id and w.rank <= w.free
      returning a.*
    ),
    renewed as (
      update activations a
      set
        machine_name = coalesce(u.machine_name, a.machine_name), app_version = coalesce(u.app_version, a.app_version),
        last_heartbeat = greatest(a.last_heartbeat, u.at), metadata = coalesce(u.new_metadata::jsonb, a.metadata)
      from known k
      join usable u on u.position = k.position
      where a.id = k.id and k.is_active
      returning a.*
    ),
    activated as (
      select *
      from inserted
      union all
      select *
      from reactivated
    ),
    counted as (
      update licenses
      set
        activations_in_use = activations_in_use + added.count,
        ${startAssignments(db, db`licenses.starts_with = 'first_activation'`, db`added.at`)}
      from (
        select license_id, count(*) as count, min(activated_at) as at
        from activated
        group by license_id
      ) as added
      where licenses.id = added.license_id
      returning ${startColumns(db)}
    ),
    decided as (
      select a.*, true as is_new, u.activations_in_use + row_number() over (partition by u.license_id order by u.position)
        as in_use
      from activated a
      join usable u on u.license_id = a.license_id and u.hardware_id = a.hardware_id
      union all
      select *, false, null
      from renewed
    ),
    recorded as (${events}),
    recorded_beyond as (${beyond}),
    started as (${startEvents})
    select u.position, u.key as license_key, u.machine_lease, coalesce(d.in_use > u.max_activations, false) as is_over_limit, d.*
    from decided d
    join usable u on u.license_id = d.license_id and u.hardware_id = d.hardware_id`;
  const results = requests.map((): ActivationResult | null => null);
  for (const { position, licenseKey, isNew, isOverLimit, machineLease, inUse: _, ...activation } of rows) {
    results[position - 1] = { activation, licenseKey, isNew, isOverLimit, machineLease };
  }
  return results;
}
