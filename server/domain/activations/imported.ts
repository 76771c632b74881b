// Inserting activations that come from another system: a batch in one statement, which also counts them on their licenses.
import type { Context } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { eventsFrom } from "../events/record.ts";
import type { Metadata } from "../metadata.ts";
import { startAssignments, startColumns, startEvents } from "../licenses/start.ts";

/** An activation that is imported; its license is locked and has room for it. */
export interface ImportedActivation {
  licenseId: number;
  customerId: number;
  hardwareId: string;
  machineName: string | null;
  appVersion: string | null;
  isActive: boolean;
  activatedAt: Date;
  lastHeartbeat: Date;
  metadata: Metadata;
}

/**
 * Inserts activations. The first period of a license that waits for its first activation begins with the earliest one.
 *
 * @returns their ids, in their order
 */
export async function insertImported(ctx: Context, machines: ImportedActivation[]): Promise<number[]> {
  for (const { licenseId } of machines) ctx.changedTags?.add(tagOf("license", licenseId));
  const saved = await ctx.db<{ id: number }[]>`
    with input as materialized (
      select given.*, nextval(pg_get_serial_sequence('activations', 'id')) as id
      from unnest(
        ${machines.map(({ licenseId }) => licenseId)}::bigint[], ${
    machines.map(({ customerId }) => customerId)
  }::bigint[],
        ${machines.map(({ hardwareId }) => hardwareId)}::text[],
        ${machines.map(({ machineName }) => machineName)}::text[],
        ${machines.map(({ appVersion }) => appVersion)}::text[],
        ${machines.map(({ isActive }) => isActive ? 1 : 0)}::integer[],
        ${machines.map(({ activatedAt }) => activatedAt.toISOString())}::timestamptz[], ${
    machines.map(({ lastHeartbeat }) => lastHeartbeat.toISOString())
  }::timestamptz[],
        ${machines.map(({ metadata }) => JSON.stringify(metadata))}::text[]
      ) with ordinality as given (
        license_id, customer_id, hardware_id, machine_name, app_version, active, activated_at, last_heartbeat,
        metadata, position
      )
      order by position
    ),
    inserted as (
      insert into activations (
        id, license_id, hardware_id, machine_name, app_version, activated_at, first_activated_at, last_heartbeat,
        is_active, deactivated_at, metadata
      ) overriding system value
      select
        id, license_id, hardware_id, machine_name, app_version, activated_at, activated_at,
        greatest(last_heartbeat, activated_at), active = 1,
        case when active = 0 then greatest(last_heartbeat, activated_at) end,
        metadata::jsonb
      from input
      order by position
    ),
    counted as (
      update licenses
      set
        activations_in_use = activations_in_use + added.count,
        ${startAssignments(ctx.db, ctx.db`licenses.starts_with = 'first_activation'`, ctx.db`added.at`)}
      from (
        select license_id, count(*) as count, min(activated_at) as at
        from input
        where active = 1
        group by license_id
      ) as added
      where licenses.id = added.license_id
      returning ${startColumns(ctx.db)}
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "activation.imported",
      ctx.db`
        select
          id as subject_id, license_id, customer_id, id as activation_id, null::jsonb as before,
          jsonb_build_object(
            'hardwareId', hardware_id, 'machineName', machine_name, 'appVersion', app_version, 'network', null
          ) as after
        from input`,
    )
  }),
    beyond as (${
    eventsFrom(
      ctx,
      "activation.over_limit",
      ctx.db`
        select
          a.id as subject_id, a.license_id, a.customer_id, a.id as activation_id, null::jsonb as before,
          jsonb_build_object('inUse', a.in_use, 'limit', a.max_activations) as after
        from (
          select i.*, l.max_activations,
            l.activations_in_use + row_number() over (partition by i.license_id order by i.position) as in_use
          from input i
          join licenses l on l.id = i.license_id
          where i.active = 1
        ) as a
        where a.in_use > a.max_activations`,
    )
  }),
    started as (${startEvents(ctx, ctx.db`counted`)})
    select id
    from input
    order by position`;
  return saved.map(({ id }) => id);
}
