// Events for people: the audit log and the timelines of licenses and customers.
import { shownKey } from "../shown_key.ts";
import type { z } from "zod";
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { idsOfCustomer, recordedOf } from "../merged_customers.ts";
import type { eventList } from "./inputs.ts";
import { prefixPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriodOf } from "../periods.ts";
import { refuse } from "../errors.ts";
import { eventMatches } from "./search.ts";

/** A row of `events`. */
export interface EventRow {
  id: number;
  uid: string;
  type: string;
  occurredAt: Date;
  actorKind: string;
  actorId: number | null;
  actorName: string | null;
  requestId: string | null;
  traceparent: string | null;
  subjectKind: string;
  subjectId: number;
  licenseId: number | null;
  customerId: number | null;
  activationId: number | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  transactionId: string;
}

/** An event as people read it, with the names of what it is about; null where it is about none, or it is gone. */
export type ListedEvent = EventRow & {
  licenseKey: string | null;
  customerName: string | null;
  machineName: string | null;
};

/** Events, the newest first. */
export async function listEvents(ctx: Context, query: z.infer<typeof eventList>): Promise<Page<ListedEvent>> {
  requireRole(ctx, "viewer");
  return await listPage<ListedEvent>(ctx, query, {
    columns: eventColumns(ctx, shownKey(ctx, ctx.db`l.key`)),
    from: ctx.db`events e`,
    where: [
      query.type?.endsWith(".") ? ctx.db`e.type like ${prefixPattern(query.type)}` : null,
      query.type && !query.type.endsWith(".") ? ctx.db`e.type = ${query.type}` : null,
      ofSubject(ctx, query),
      query.licenseId ? ctx.db`e.license_id = ${query.licenseId}` : null,
      recordedOf(ctx, ctx.db`e.customer_id`, await idsOfCustomer(ctx, query.customerId)),
      query.actorKind ? ctx.db`e.actor_kind = ${query.actorKind}` : null,
      query.actorId ? ctx.db`e.actor_id = ${query.actorId}` : null,
      query.requestId ? ctx.db`e.request_id = ${query.requestId}` : null,
      ...await inPeriodOf(ctx, "e", query),
      query.q ? (await eventMatches(ctx, query.q)).isMatch : null,
    ],
    sorts: { id: { by: "e.id", type: "bigint" } },
    defaultSort: "-id",
    id: "e.id",
  });
}

/** Events about an object. Those about an activation are found by its license: events_by_subject has no entry for them. */
function ofSubject(
  ctx: Context,
  { subjectKind: kind, subjectId: id }: Pick<z.infer<typeof eventList>, "subjectKind" | "subjectId">,
): Fragment | null {
  const ofKind = kind === undefined ? ctx.db`true` : ctx.db`e.subject_kind = ${kind}`;
  if (id === undefined) return kind === undefined ? null : ofKind;
  return ctx.db`
    ${ofKind} and e.subject_id = ${id} and (
      e.subject_kind <> 'activation' and e.subject_id = ${id}
      or e.subject_kind = 'activation' and e.license_id = (select license_id from activations where id = ${id})
    )`;
}

/** One event; refuses `NOT_FOUND`. */
export async function getEvent(ctx: Context, id: number): Promise<ListedEvent> {
  requireRole(ctx, "viewer");
  const [event] = await ctx.db<ListedEvent[]>`
    select ${eventColumns(ctx, shownKey(ctx, ctx.db`l.key`))}
    from events e
    where e.id = ${id}`;
  return event ?? refuse("NOT_FOUND", { subject: "event", field: "id" });
}

/**
 * The columns of an event. Names are looked up by id for the rows of a page, and so cost the same however many events there are.
 *
 * @param licenseKey the expression of the key of the license `l`, as the reader may see it
 */
export function eventColumns(ctx: Pick<Context, "db">, licenseKey: Fragment): Fragment {
  return ctx.db`
    e.*,
    (select ${licenseKey} from licenses l where l.id = e.license_id) as license_key,
    (select c.name from customers c where c.id = e.customer_id) as customer_name,
    (select a.machine_name from activations a where a.id = e.activation_id) as machine_name`;
}
