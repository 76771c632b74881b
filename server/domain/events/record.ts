// The record of what happened, and the only room that writes it. A verb records its event in the transaction that
// makes the change; who listens is not its business.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import type { Actor } from "../actor.ts";

export type EventType =
  | "customer.created"
  | "customer.updated"
  | "customer.deleted"
  | "customer.restored"
  | "product.created"
  | "product.updated"
  | "product.deleted"
  | "product.restored"
  | "plan.created"
  | "plan.updated"
  | "plan.deleted"
  | "plan.restored"
  | "release.published"
  | "release.updated"
  | "release.deleted"
  | "release.restored"
  | "resource.created"
  | "resource.updated"
  | "resource.deleted"
  | "resource.restored"
  | "resource.allocated"
  | "resource.released"
  | "lead.created"
  | "lead.updated"
  | "lead.deleted"
  | "lead.restored"
  | "lead.imported"
  | "lead.won"
  | "contact.created"
  | "contact.updated"
  | "contact.deleted"
  | "contact.restored"
  | "lead_activity.recorded"
  | "job.requested"
  | "job.cancelled"
  | "license.created"
  | "license.updated"
  | "license.enabled"
  | "license.disabled"
  | "license.deleted"
  | "license.restored"
  | "license.activated"
  | "license.deactivated"
  | "activation.updated"
  | "seat.started"
  | "seat.ended"
  | "api_key.created"
  | "api_key.revoked"
  | "settings.changed"
  | "license.expiring"
  | "license.expired"
  | "usage.threshold"
  | "activity.suspicious"
  | "anomaly.resolved"
  | "alert.raised"
  | "alert.cleared"
  | "webhook.created"
  | "webhook.updated"
  | "webhook.secret_rotated"
  | "webhook.enabled"
  | "webhook.disabled"
  | "webhook.deleted"
  | "webhook.tested"
  | "webhook.replayed"
  | "history.pruned"
  | "administrator.created"
  | "administrator.updated"
  | "administrator.invited"
  | "administrator.invitation_revoked"
  | "administrator.signed_in"
  | "administrator.signed_out"
  | "administrator.token_created"
  | "administrator.password_changed"
  | "administrator.second_factor_enabled"
  | "administrator.second_factor_disabled"
  | "administrator.passkey_added"
  | "administrator.passkey_removed"
  | "user.created"
  | "user.updated"
  | "user.link_requested"
  | "user.disabled"
  | "user.enabled"
  | "user.signed_in"
  | "user.signed_out"
  | "user.password_set"
  | "session.reused"
  | "session.state_changed"
  | "trial.started"
  | "license.assigned"
  | "signing_key.rotated";

/** What recording an event needs. */
export type EventContext = Pick<Context, "db" | "actor" | "now" | "requestId">;

type Facts = Record<string, unknown>;

export interface EventRecord {
  type: EventType;
  /** Kind and id of what it happened to. */
  subject: [kind: string, id: number];
  licenseId?: number;
  customerId?: number;
  activationId?: number;
  before?: Facts;
  after?: Facts;
}

function actorColumns(actor: Actor): { kind: string; id: number | null; name: string | null } {
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
 * The statement that records one event of `type` for each row of `source`, to be put into a larger statement, so
 * that a change and its record are a single round trip.
 *
 * @param source a select of `subject_kind, subject_id, license_id, customer_id, activation_id, before, after`
 */
export function eventsFrom(ctx: EventContext, type: EventType, source: Fragment): Fragment {
  const actor = actorColumns(ctx.actor);
  return ctx.db`
    insert into events (
      type, occurred_at, actor_kind, actor_id, actor_name, request_id,
      subject_kind, subject_id, license_id, customer_id, activation_id, before, after
    )
    select
      ${type}, ${ctx.now}::timestamptz, ${actor.kind}, ${actor.id}::bigint, ${actor.name}, ${ctx.requestId},
      subject_kind, subject_id, license_id, customer_id, activation_id, before, after
    from (${source}) as source`;
}

/** Records one event. Call it in the transaction of the change. */
export async function recordEvent(ctx: EventContext, event: EventRecord): Promise<void> {
  const json = (facts: Facts | undefined) => facts ? ctx.db.json(facts as never) : null;
  await eventsFrom(
    ctx,
    event.type,
    ctx.db`
      select
        ${event.subject[0]} as subject_kind,
        ${event.subject[1]}::bigint as subject_id,
        ${event.licenseId ?? null}::bigint as license_id,
        ${event.customerId ?? null}::bigint as customer_id,
        ${event.activationId ?? null}::bigint as activation_id,
        ${json(event.before)}::jsonb as before,
        ${json(event.after)}::jsonb as after`,
  );
}
