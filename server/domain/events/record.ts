// Recording events; the only code that inserts into the table. A verb records its event in the transaction that makes
// the change and does not know who reads it.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { Actor } from "../actor.ts";
import type { Context } from "../context.ts";
import { type CacheTag, tagOf } from "./catalogue/cache_tags.ts";
import { catalogue, type EventFacts, type EventType } from "./catalogue/catalogue.ts";
import type { SubjectKind } from "./catalogue/definition.ts";
import { notifyOf } from "./notifications/notify.ts";

export type { EventType } from "./catalogue/catalogue.ts";

/** What recording an event needs. */
export type EventContext = Pick<
  Context,
  "db" | "actor" | "now" | "requestId" | "traceparent" | "changedTags"
>;

export type EventRecord<Type extends EventType> = {
  type: Type;
  /** The id of what the event happened to; its kind is in the catalogue. */
  subjectId: number;
  licenseId?: number;
  customerId?: number;
  activationId?: number;
} & EventFacts<Type>;

function actorColumns(actor: Actor): { kind: Actor["kind"]; id: number | null; name: string | null } {
  switch (actor.kind) {
    case "anonymous":
      return { kind: "anonymous", id: null, name: null };
    case "api_key":
      return { kind: "api_key", id: actor.id, name: actor.name };
    case "user":
      return { kind: "user", id: actor.id, name: actor.email };
    case "administrator":
      return { kind: "administrator", id: actor.id, name: actor.name };
    case "system":
      return { kind: "system", id: null, name: actor.job };
  }
}

/**
 * The statement that records one event of `type` for each row of `source`. It is a fragment of a larger statement, so
 * that a change and its events are a single round trip.
 *
 * @param source a select of `subject_id, license_id, customer_id, activation_id, before, after`; the tests parse the
 *   stored facts by the catalogue
 * @param uid the expression of the public id; by default a new one
 */
export function eventsFrom(
  ctx: EventContext,
  type: EventType,
  source: Fragment,
  uid: Fragment = ctx.db`uuidv7()`,
): Fragment {
  const actor = actorColumns(ctx.actor);
  return ctx.db`
    insert into events (
      uid, type, occurred_at, actor_kind, actor_id, actor_name, request_id, traceparent,
      subject_kind, subject_id, license_id, customer_id, activation_id, before, after
    )
    select
      ${uid}, ${type}, ${ctx.now}::timestamptz, ${actor.kind}, ${actor.id}::bigint, ${actor.name}, ${ctx.requestId},
      ${ctx.traceparent ?? null}, ${
    catalogue[type].subject
  }, subject_id, license_id, customer_id, activation_id, before, after
    from (${source}) as source`;
}

/** Who and what caused an event, for a statement that records those of several callers. */
export interface EventCaller {
  /** ISO 8601. */
  at: string;
  actorKind: Actor["kind"];
  actorId: number | null;
  actorName: string | null;
  requestId: string | null;
  traceparent: string | null;
}

export function eventCaller(ctx: Omit<EventContext, "db">): EventCaller {
  const { kind, id, name } = actorColumns(ctx.actor);
  return {
    at: ctx.now.toISOString(),
    actorKind: kind,
    actorId: id,
    actorName: name,
    requestId: ctx.requestId,
    traceparent: ctx.traceparent ?? null,
  };
}

/** Columns that a statement takes from arrays: their names, and an array of values for each. */
export interface ArrayColumns {
  names: Fragment;
  arrays: Fragment;
}

/** The callers of a shared statement as a table `r`: `position` (from 1), the columns of `EventCaller`, and `own` ones. */
export function callerRows(db: Db, callers: EventCaller[], own: ArrayColumns): Fragment {
  const column = <Name extends keyof EventCaller>(name: Name) => callers.map((caller) => caller[name]);
  return db`
    unnest(
      ${column("at")}::timestamptz[], ${column("actorKind")}::text[], ${column("actorId")}::bigint[],
      ${column("actorName")}::text[], ${column("requestId")}::text[], ${column("traceparent")}::text[],
      ${own.arrays}
    ) with ordinality as r (
      at, actor_kind, actor_id, actor_name, request_id, traceparent, ${own.names}, position
    )`;
}

/**
 * As `eventsFrom`, for the events of several callers.
 *
 * @param subject what the events happened to, by the catalogue
 * @param source a select of the columns that `eventsFrom` takes, of `type`, and of an `EventCaller`
 */
export function eventsOfCallers(db: Db, subject: SubjectKind, source: Fragment): Fragment {
  return db`
    insert into events (
      type, occurred_at, actor_kind, actor_id, actor_name, request_id, traceparent,
      subject_kind, subject_id, license_id, customer_id, activation_id, before, after
    )
    select
      type, at, actor_kind, actor_id, actor_name, request_id, traceparent,
      ${subject}, subject_id, license_id, customer_id, activation_id, before, after
    from (${source}) as source`;
}

/** The tags that an event invalidates, as far as the event names the things. */
function* tagsOf<Type extends EventType>(event: EventRecord<Type>): Generator<CacheTag> {
  const { subject, invalidates = [] } = catalogue[event.type];
  for (const kind of invalidates) {
    if (kind === subject) yield tagOf(kind, event.subjectId);
    else if (kind === "license" && event.licenseId) yield tagOf(kind, event.licenseId);
  }
}

/** Records one event, and notifies administrators where it is a source of notifications. Call it in the transaction of the change. */
export async function recordEvent<Type extends EventType>(
  ctx: EventContext,
  event: EventRecord<Type>,
): Promise<void> {
  for (const tag of tagsOf(event)) ctx.changedTags?.add(tag);
  const json = (facts: unknown) => facts ? ctx.db.json(facts as never) : null;
  await eventsFrom(
    ctx,
    event.type,
    ctx.db`
      select
        ${event.subjectId}::bigint as subject_id,
        ${event.licenseId ?? null}::bigint as license_id,
        ${event.customerId ?? null}::bigint as customer_id,
        ${event.activationId ?? null}::bigint as activation_id,
        ${json(event.before)}::jsonb as before,
        ${json(event.after)}::jsonb as after`,
  );
  await notifyOf(ctx, event);
}
