// An entitlement: the view a user has of their license. It is computed, and there is no table of it. Where a user has
// several licenses, one is chosen: paid before trial, the one that has the machine already, one with a free place, the
// one that lasts longest.
import type { Fragment } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { refuse } from "../errors.ts";
import { hasFreeActivation, usableOn } from "../policy/conditions.ts";

export interface Entitlement {
  licenseId: number;
  productId: number;
  /** Codes, as programs call them. A license without a plan is called by its type. */
  product: string;
  plan: string;
  features: string[];
  maxDevices: number;
  currentDevices: number;
  /** Calendar days in UTC, both inside. */
  validFrom: string;
  validUntil: string | null;
  /** The machine asked for, when it has a place. */
  activationId: number | null;
  lastHeartbeat: Date | null;
}

/** The instant an entitlement ends: the first moment after its last day; null is never. */
export function endOf({ validUntil }: Pick<Entitlement, "validUntil">): Date | null {
  return validUntil === null ? null : new Date(Date.parse(`${validUntil}T00:00:00Z`) + 86_400_000);
}

/** The select of the entitlement a user has today on a machine: one row or none. */
export function entitlementOf(ctx: Pick<Context, "db" | "now">, of: { user: Fragment; device: Fragment }) {
  return ctx.db`
    select
      l.id as license_id, l.product_id, p.code as product, coalesce(pl.code, l.type) as plan,
      coalesce(pl.features, '{}') as features, l.max_activations as max_devices,
      l.activations_in_use as current_devices, l.valid_from, l.valid_until,
      a.id as activation_id, a.last_heartbeat
    from licenses l
    join products p on p.id = l.product_id
    left join plans pl on pl.id = l.plan_id
    left join activations a on a.license_id = l.id and a.hardware_id = ${of.device} and a.is_active
    where l.user_id = ${of.user}
      and ${usableOn(ctx, "l", dayOf(ctx.now))}
    order by
      l.type = 'trial', a.id is null, not (${hasFreeActivation(ctx, "l")}),
      l.valid_until desc nulls first, l.id desc
    limit 1`;
}

/** The entitlement a user has today; null when there is none. */
export async function findEntitlement(
  ctx: Context,
  userId: number,
  deviceId: string | null,
): Promise<Entitlement | null> {
  const [row] = await ctx.db<Entitlement[]>`
    ${entitlementOf(ctx, { user: ctx.db`${userId}::bigint`, device: ctx.db`${deviceId}::text` })}`;
  if (row) noteSign(ctx, row);
  return row ?? null;
}

/**
 * The entitlement a user has today.
 *
 * @throws DomainError `NO_ENTITLEMENT`
 */
export async function getEntitlement(
  ctx: Context,
  userId: number,
  deviceId: string | null,
): Promise<Entitlement> {
  return await findEntitlement(ctx, userId, deviceId) ?? refuse("NO_ENTITLEMENT");
}

/** Whether any license the user may use today is of that plan. */
export async function isEntitledTo(ctx: Context, userId: number, plan: string): Promise<boolean> {
  const [found] = await ctx.db`
    select 1
    from licenses l
    left join plans pl on pl.id = l.plan_id
    where l.user_id = ${userId}
      and coalesce(pl.code, l.type) = ${plan}
      and ${usableOn(ctx, "l", dayOf(ctx.now))}`;
  return found !== undefined;
}

/** A sign of life that comes with a look at the entitlement is written this often at most; milliseconds. */
const SIGN_EVERY = 60_000;

/** Whoever asks for the entitlement of a machine is that machine, alive. That is noted, and waits for nobody. */
export function noteSign(ctx: Context, { activationId, lastHeartbeat }: Entitlement): void {
  if (activationId === null || ctx.now.getTime() - lastHeartbeat!.getTime() < SIGN_EVERY) return;
  ctx.heartbeats.writeLater({ activationId, at: ctx.now, appVersion: null });
}

/** Which of these features a user has; of all there are when none is named. Nobody has none. */
export async function checkFeatures(
  ctx: Context,
  user: { id: number; deviceId: string | null } | null,
  names: string[],
): Promise<Map<string, boolean>> {
  const entitlement = user && await findEntitlement(ctx, user.id, user.deviceId);
  const has = new Set(entitlement?.features ?? []);
  const asked = names.length > 0 ? names : await listFeatures(ctx);
  return new Map(asked.map((name) => [name, has.has(name)]));
}

async function listFeatures(ctx: Context): Promise<string[]> {
  const rows = await ctx.db<{ feature: string }[]>`
    select distinct unnest(features) as feature
    from plans
    where deleted_at is null
    order by feature`;
  return rows.map(({ feature }) => feature);
}
