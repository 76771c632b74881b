// Managing endpoints, for owners. An endpoint's secret is returned when it is created or rotated, and never again.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentOwner } from "../authorization.ts";
import { publicEventTypes } from "../events/catalogue/catalogue.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { requireRevision, type SeenRevision } from "../revision.ts";
import { type AllowedNetworks, readWebhookUrl } from "./address.ts";
import type { WebhookFormats } from "./format.ts";
import { generateSecret } from "./sign.ts";
import { allEvents } from "./inputs.ts";
import { purposes, type WebhookRow, webhookValues } from "./webhook.ts";
import { truncate } from "../text.ts";

/** What can be configured of an endpoint. */
export interface WebhookTerms {
  url: string;
  description: string;
  /** The dialect that writes the bodies; that of the License API by default. */
  format?: string;
  /** Types of events, or "*" for all, also those of later versions. */
  eventTypes: string[];
  /** Further headers of each request. */
  headers: Record<string, string>;
}

/** How long the previous secret signs after a rotation; milliseconds. */
const ROTATION = 24 * 3_600_000;

/**
 * Adds an endpoint.
 *
 * @param allowed networks webhooks may reach although they are not public
 * @param formats the formats that can be chosen
 * @returns the row and the secret, which is never returned again
 * @throws DomainError `REAUTHENTICATION_REQUIRED`, `INVALID_REQUEST` naming what is wrong
 */
export function createWebhook(
  ctx: Context,
  terms: WebhookTerms,
  allowed: AllowedNetworks,
  formats: WebhookFormats = {},
): Promise<{ row: WebhookRow; secret: string }> {
  requireRecentOwner(ctx);
  const checked = checkTerms(terms, allowed, formats);
  const format = checked.format === undefined ? ctx.db`default` : ctx.db`${checked.format}`;
  const secret = generateSecret();
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<WebhookRow[]>`
      insert into webhooks (url, description, format, event_types, headers, secret, created_at, updated_at)
      values (
        ${checked.url!}, ${checked.description!}, ${format}, ${checked.eventTypes!}, ${
      encryptHeaders(ctx, checked.headers!)
    },
        ${ctx.cipher.encrypt(purposes.secret, secret)}, ${ctx.now}, ${ctx.now}
      )
      returning *`;
    await recordEvent(ctx, {
      type: "webhook.created",
      subjectId: row.id,
      after: { url: row.url, description: row.description, format: row.format, eventTypes: row.eventTypes },
    });
    return { row, secret };
  });
}

/**
 * Changes the terms that are given and no others.
 *
 * @param options.revision the revision that was seen; without it, any
 * @throws DomainError `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `REVISION_OUTDATED`, `INVALID_REQUEST` naming what is wrong
 */
export function editWebhook(
  ctx: Context,
  id: number,
  changes: Partial<WebhookTerms>,
  allowed: AllowedNetworks,
  formats: WebhookFormats = {},
  { revision }: { revision?: SeenRevision } = {},
): Promise<WebhookRow> {
  requireRecentOwner(ctx);
  const { headers, ...checked } = checkTerms(changes, allowed, formats);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockWebhook(ctx, id);
    requireRevision({ subject: "webhook", current: webhookValues(before) }, revision);
    const after = { ...before, ...checked };
    const [row] = await ctx.db<WebhookRow[]>`
      update webhooks
      set
        url = ${after.url}, description = ${after.description}, format = ${after.format},
        event_types = ${after.eventTypes},
        headers = ${headers ? encryptHeaders(ctx, headers) : before.headers}, updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    const names = Object.keys(checked) as (keyof typeof checked)[];
    const pick = (from: WebhookRow) => Object.fromEntries(names.map((name) => [name, from[name]]));
    await recordEvent(ctx, {
      type: "webhook.updated",
      subjectId: id,
      before: pick(before),
      after: { ...pick(row), ...(headers ? { headers: Object.keys(headers) } : {}) },
    });
    return row;
  });
}

/**
 * Enables or disables an endpoint. Deliveries that were due when it was disabled continue when it is enabled; events
 * in between are not delivered, but can be replayed.
 *
 * @returns whether this changed something
 * @throws DomainError `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`
 */
export function setWebhookEnabled(ctx: Context, id: number, on: boolean): Promise<boolean> {
  requireRecentOwner(ctx);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockWebhook(ctx, id);
    if (before.isActive === on) return false;
    await ctx.db`
      update webhooks
      set
        is_active = ${on}, disabled_reason = ${on ? null : "person"}, failing_since = null,
        updated_at = ${ctx.now}
      where id = ${id}`;
    await recordEvent(
      ctx,
      on
        ? { type: "webhook.enabled", subjectId: id, before: { isActive: false }, after: { isActive: true } }
        : {
          type: "webhook.disabled",
          subjectId: id,
          before: { isActive: true },
          after: { isActive: false, because: "person" },
        },
    );
    return true;
  });
}

/**
 * Rotates an endpoint's secret. For a day requests are signed with both, so that the receiver can change secrets without
 * rejecting any.
 *
 * @returns the new secret, which is never returned again
 * @throws DomainError `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`
 */
export function rotateWebhookSecret(
  ctx: Context,
  id: number,
): Promise<{ secret: string; previousUntil: Date }> {
  requireRecentOwner(ctx);
  const secret = generateSecret();
  const previousUntil = new Date(ctx.now.getTime() + ROTATION);
  return inTransaction(ctx, async (ctx) => {
    await lockWebhook(ctx, id);
    await ctx.db`
      update webhooks
      set
        previous_secret = secret, previous_secret_until = ${previousUntil},
        secret = ${ctx.cipher.encrypt(purposes.secret, secret)}, updated_at = ${ctx.now}
      where id = ${id}`;
    await recordEvent(ctx, {
      type: "webhook.secret_rotated",
      subjectId: id,
      after: { previousUntil: previousUntil.toISOString() },
    });
    return { secret, previousUntil };
  });
}

/**
 * Deletes an endpoint. Nothing more is sent to it; its deliveries remain.
 *
 * @param revision the revision that was seen; without it, any
 * @throws DomainError `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `REVISION_OUTDATED`
 */
export function deleteWebhook(ctx: Context, id: number, revision?: SeenRevision): Promise<void> {
  requireRecentOwner(ctx);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockWebhook(ctx, id);
    requireRevision({ subject: "webhook", current: webhookValues(before) }, revision);
    await ctx.db`
      update webhooks
      set deleted_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id}`;
    await ctx.db`
      update webhook_deliveries
      set due_at = null
      where webhook_id = ${id} and due_at is not null`;
    await recordEvent(ctx, {
      type: "webhook.deleted",
      subjectId: id,
      before: { url: before.url },
    });
  });
}

/** Locks an endpoint until the transaction ends; refuses `NOT_FOUND`. */
export async function lockWebhook(ctx: Context, id: number): Promise<WebhookRow> {
  const [row] = await ctx.db<WebhookRow[]>`
    select *
    from webhooks
    where id = ${id} and deleted_at is null
    for no key update`;
  return row ?? refuse("NOT_FOUND", { subject: "webhook", field: "webhookId" });
}

function encryptHeaders(ctx: Context, headers: Record<string, string>): Uint8Array {
  return ctx.cipher.encrypt(purposes.headers, JSON.stringify(headers));
}

/** Headers that the server sets itself, or that would change how the request is read. */
const reserved =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|user-agent|webhook-.*)$/i;

function checkTerms<Terms extends Partial<WebhookTerms>>(
  terms: Terms,
  allowed: AllowedNetworks,
  formats: WebhookFormats,
): Terms {
  const { url, description, format, eventTypes, headers } = terms;
  if (format !== undefined && !Object.hasOwn(formats, format)) {
    const expectation = `one of ${Object.keys(formats).join(", ")}`;
    refuse("INVALID_REQUEST", { field: "format", reason: "not_allowed", expectation });
  }
  if (description !== undefined && description.length > 255) {
    refuse("INVALID_REQUEST", { field: "description", reason: "too_long", maximum: 255 });
  }
  if (eventTypes !== undefined) {
    const known = new Set<string>([...publicEventTypes, allEvents]);
    if (eventTypes.length === 0) refuse("INVALID_REQUEST", { field: "eventTypes", reason: "empty" });
    const unknown = eventTypes.find((type) => !known.has(type));
    if (unknown !== undefined) {
      const value = truncate(unknown, 64);
      refuse("INVALID_REQUEST", { field: "eventTypes", reason: "unknown_event", value });
    }
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)) {
      refuse("INVALID_REQUEST", { field: "headers", reason: "not_a_header_name" });
    }
    if (reserved.test(name)) {
      refuse("INVALID_REQUEST", { field: "headers", reason: "reserved_header", value: name });
    }
    if (!/^[\x20-\x7e]{0,1000}$/.test(value)) {
      refuse("INVALID_REQUEST", {
        field: "headers",
        reason: "not_a_header_value",
        value: name,
        maximum: 1000,
      });
    }
  }
  if (Object.keys(headers ?? {}).length > 20) {
    refuse("INVALID_REQUEST", { field: "headers", reason: "too_many", maximum: 20 });
  }
  return {
    ...terms,
    ...(url === undefined ? {} : { url: readWebhookUrl(url, allowed) }),
    ...(eventTypes === undefined ? {} : { eventTypes: [...new Set(eventTypes)] }),
  };
}
