// The texts that devices are searched by: a copy of names, fingerprints and metadata with indexes that are slow to write. The worker
// copies what the events of activations name; until then a search looks at those activations themselves.
import type { Context } from "../context.ts";
import { readEvents } from "../events/readers.ts";
import type { EventType } from "../events/record.ts";
import { sampleOf, type TextSample } from "./rare_parts.ts";

/** A row of `activation_texts`. */
export interface ActivationTextRow {
  activationId: number;
  machineName: string | null;
  hardwareId: string;
  /** The values of the metadata, each in a line. */
  metadata: string | null;
}

/** Events of activations whose name, fingerprint or metadata may be new. */
const namingEvents: EventType[] = [
  "license.activated",
  "activation.imported",
  "activation.rebound",
  "activation.updated",
  "activation.metadata_updated",
];

/** Events read in a transaction. */
const BATCH_SIZE = 5000;

/** Of the events that are not read yet, a search looks at so many, the latest; reading more would take long. */
const MAX_UNREAD = 10_000;

/**
 * Copies the texts of activations since the last run. What a worker missed while it was away is copied first.
 *
 * @returns how many texts changed
 */
export async function copyActivationTexts(ctx: Context): Promise<number> {
  let copied = 0;
  while (true) {
    const read = await readEvents(ctx, "search", BATCH_SIZE, async (ctx, events) => {
      const ids = events.filter(({ type }) => namingEvents.includes(type)).map(({ activationId }) =>
        activationId!
      );
      copied += await copyTexts(ctx, [...new Set(ids)]);
    });
    if (read < BATCH_SIZE) return copied;
  }
}

async function copyTexts(ctx: Context, activationIds: number[]): Promise<number> {
  if (activationIds.length === 0) return 0;
  // An erasure changes the fingerprint, which is part of a unique key. This lock waits for it and then reads the erased text;
  // heartbeats and deactivations change no key and do not wait.
  const copied = await ctx.db`
    with named as (
      select id, machine_name, hardware_id, metadata_text(metadata) as metadata
      from activations
      where id = any(${activationIds})
      order by id
      for key share
    )
    insert into activation_texts as t (activation_id, machine_name, hardware_id, metadata)
    select id, machine_name, hardware_id, metadata
    from named
    on conflict on constraint activation_texts_pkey do update
    set machine_name = excluded.machine_name, hardware_id = excluded.hardware_id, metadata = excluded.metadata
    where (t.machine_name, t.hardware_id, t.metadata)
      is distinct from (excluded.machine_name, excluded.hardware_id, excluded.metadata)`;
  return copied.count;
}

/** Where devices are searched. */
export interface SearchedTexts {
  /** The activations whose texts may not be copied yet: those of the latest events that the worker has not read. */
  uncopied: number[];
  /** Some of the texts that are copied. */
  sample: TextSample;
}

/** Read it before the copies: a text that is copied meanwhile is found twice then, and otherwise not at all. */
export async function readSearchedTexts(ctx: Pick<Context, "db">): Promise<SearchedTexts> {
  const [{ uncopied, machineName, hardwareId }] = await ctx.db<
    { uncopied: number[]; machineName: string[] | null; hardwareId: string[] | null }[]
  >`
    select
      (
        select coalesce(json_agg(distinct unread.activation_id), '[]')
        from event_readers r
        cross join lateral (
          select e.type, e.activation_id
          from events e
          where (e.transaction_id, e.id) > (r.transaction_id, r.event_id)
            -- After a restore, events of the old cluster have transaction ids that lie ahead.
            and e.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
            and e.id > r.restored_up_to
          order by e.transaction_id desc, e.id desc
          limit ${MAX_UNREAD}
        ) unread
        where r.name = 'search' and unread.type = any(${namingEvents})
      ) as uncopied,
      (${sampleOf(ctx, "machineName")}) as machine_name,
      (${sampleOf(ctx, "hardwareId")}) as hardware_id`;
  return { uncopied, sample: { machineName: machineName ?? [], hardwareId: hardwareId ?? [] } };
}

/** Deletes the texts of erased activations. Call it after the change of the activations, which waits for a copy under way. */
export async function deleteActivationTexts(ctx: Context, licenseIds: number[]): Promise<void> {
  await ctx.db`
    delete from activation_texts t
    using activations a
    where t.activation_id = a.id and a.license_id = any(${licenseIds})`;
}
