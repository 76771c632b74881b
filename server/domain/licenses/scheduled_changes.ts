// Disabling and enabling licenses now or at a time. A job of the worker carries out what is scheduled.
import type { z } from "zod";
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { eventsFrom } from "../events/record.ts";
import { changeLicenses, scheduling, unscheduling } from "./bulk_changes.ts";
import type { disabling, enabling } from "./inputs.ts";
import { getExistingLicense } from "./list.ts";
import { setLicensesEnabled } from "./manage.ts";

/** Licenses that are changed in a transaction. */
const BATCH_SIZE = 1000;

/**
 * Disables licenses, now or at a time.
 *
 * @returns the ids of those that changed, or whose schedule did
 * @throws DomainError `INVALID_REQUEST` when the time is past
 */
export async function disableLicenses(ctx: Context, input: z.infer<typeof disabling>): Promise<number[]> {
  return await changeEnabled(ctx, { ...input, enabled: false });
}

/**
 * Enables licenses, now or at a time.
 *
 * @returns the ids of those that changed, or whose schedule did
 * @throws DomainError `INVALID_REQUEST` when the time is past
 */
export async function enableLicenses(ctx: Context, input: z.infer<typeof enabling>): Promise<number[]> {
  return await changeEnabled(ctx, { ...input, enabled: true });
}

/**
 * Disables or enables one license, now or at a time. Changes nothing when it is so already.
 *
 * @throws DomainError `NOT_FOUND`, or `INVALID_REQUEST` when the time is past
 */
export async function changeLicenseEnabled(
  ctx: Context,
  { id, ...change }: { id: number; enabled: boolean; reason?: string | null; at?: string },
): Promise<void> {
  await getExistingLicense(ctx, id);
  await changeEnabled(ctx, { licenseIds: [id], ...change });
}

async function changeEnabled(
  ctx: Context,
  { licenseIds: ids, enabled, reason, at }: {
    licenseIds: number[];
    enabled: boolean;
    reason?: string | null;
    at?: string;
  },
): Promise<number[]> {
  requireRole(ctx, "manager");
  if (at === undefined) return await setLicensesEnabled(ctx, { ids, enabled, reason });
  requireFuture(ctx, at);
  return (await changeLicenses(ctx, ids, scheduling(ctx, { enabled, at, reason }))).map(({ id }) => id);
}

/** @throws DomainError `INVALID_REQUEST` */
export function requireFuture(ctx: Context, at: string): void {
  if (new Date(at) <= ctx.now) refuse("INVALID_REQUEST", { field: "at", reason: "in_the_past" });
}

/**
 * Cancels what is scheduled for licenses.
 *
 * @returns the ids of those for which something was scheduled
 */
export async function cancelScheduledChanges(ctx: Context, licenseIds: number[]): Promise<number[]> {
  requireRole(ctx, "manager");
  return (await changeLicenses(ctx, licenseIds, unscheduling(ctx))).map(({ id }) => id);
}

/**
 * Disables and enables the licenses whose time has come, each once. Of a license that was to be disabled and enabled
 * while no worker ran, both are carried out, in their order.
 *
 * @returns the number of changes
 */
export async function changeScheduledLicenses(ctx: Context): Promise<{ disabled: number; enabled: number }> {
  const total = { disabled: 0, enabled: 0 };
  while (true) {
    const { taken, disabled, enabled } = await changeBatch(ctx);
    total.disabled += disabled;
    total.enabled += enabled;
    if (taken === 0) return total;
  }
}

async function changeBatch(ctx: Context): Promise<{ taken: number; disabled: number; enabled: number }> {
  const [counts] = await inTransaction(
    ctx,
    (ctx) =>
      ctx.db<{ taken: number; disabled: number; enabled: number }[]>`
      with due as (
        select
          id, customer_id, is_active, disabled_reason, disable_reason,
          disable_at is not null and disable_at <= coalesce(enable_at, disable_at) as disables
        from licenses
        where least(disable_at, enable_at) <= ${ctx.now} and deleted_at is null
        order by least(disable_at, enable_at)
        limit ${BATCH_SIZE}
        for no key update skip locked
      ),
      changed as (
        update licenses l
        set
          is_active = not disables,
          disabled_reason = case when disables then case when l.is_active then l.disable_reason else l.disabled_reason end end,
          disable_at = case when not disables then l.disable_at end,
          disable_reason = case when not disables then l.disable_reason end,
          enable_at = case when disables then l.enable_at end,
          updated_at = ${ctx.now}
        from due
        where l.id = due.id
      ),
      disabled as (${
        eventsFrom(
          ctx,
          "license.disabled",
          ctx.db`
          select
            id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
            jsonb_build_object('isActive', true) as before,
            jsonb_strip_nulls(jsonb_build_object('isActive', false, 'reason', disable_reason)) as after
          from due
          where disables and is_active`,
        )
      }),
      enabled as (${
        eventsFrom(
          ctx,
          "license.enabled",
          ctx.db`
          select
            id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
            jsonb_strip_nulls(jsonb_build_object('isActive', false, 'reason', disabled_reason)) as before,
            jsonb_build_object('isActive', true) as after
          from due
          where not disables and not is_active`,
        )
      })
      select
        count(*) as taken, count(*) filter (where disables and is_active) as disabled,
        count(*) filter (where not disables and not is_active) as enabled
      from due`,
  );
  return counts;
}
