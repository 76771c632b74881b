// Counting and reserving units of a meter.
import { licenseRequest, targetOfKey } from "../activations/machine_requests.ts";
import { getValidationData } from "../activations/validation_data.ts";
import { dayOf, endOf, LAST_DAY } from "../calendar.ts";
import { type Context, noteSubject } from "../context.ts";
import { refuse } from "../errors.ts";
import { requireKey } from "../licenses/key.ts";
import { requireValid } from "../policy/require_valid.ts";
import { machineVersionOf } from "../releases/machine_version.ts";
import { runShared } from "../shared_work.ts";
import { closeLapsedReservations } from "./close_lapsed.ts";
import type { MeterReceipt } from "./meter.ts";
import { type TakeResult, takeUnits } from "./take_batch.ts";
import { listCurrentMeters } from "./usage.ts";

export interface MeteredUse {
  licenseKey: string;
  /** The machine that uses it, which has to be activated; null: any. */
  hardwareId: string | null;
  /** The version of the app; null or absent: the one that the machine reported last. */
  appVersion?: string | null;
  meter: string;
  amount: number;
}

/** What a reservation holds until it expires. */
export interface ReservationReceipt extends MeterReceipt {
  reservationId: string;
  expiresAt: Date;
}

/**
 * Counts units of a meter.
 *
 * @throws DomainError `INVALID_LICENSE`, `LICENSE_INACTIVE`, `LICENSE_NOT_YET_VALID`, `LICENSE_EXPIRED`,
 *   `VERSION_NOT_ENTITLED`, `NOT_ACTIVATED`, `ACTIVATION_INACTIVE`, `METER_NOT_FOUND`, `USAGE_LIMIT_REACHED`
 */
export function incrementUsage(ctx: Context, use: MeteredUse): Promise<MeterReceipt> {
  return take(ctx, use, null);
}

/**
 * Reserves units of a meter. They count as used until the reservation is committed or released, or lapses.
 *
 * @param use.ttl seconds until it lapses
 * @throws DomainError as `incrementUsage`
 */
export async function reserveUsage(
  ctx: Context,
  { ttl, ...use }: MeteredUse & { ttl: number },
): Promise<ReservationReceipt> {
  const { reservationId, expiresAt, ...receipt } = await take(
    ctx,
    use,
    new Date(Math.min(ctx.now.getTime() + ttl * 1000, endOf(LAST_DAY).getTime())),
  );
  return { ...receipt, reservationId: reservationId!, expiresAt: expiresAt! };
}

async function take(
  ctx: Context,
  { licenseKey, hardwareId, appVersion = null, meter, amount }: MeteredUse,
  expiresAt: Date | null,
): Promise<TakeResult> {
  const day = dayOf(ctx.now);
  const request = {
    ...licenseRequest(ctx, targetOfKey(requireKey(ctx, licenseKey))),
    meter,
    amount,
    hardwareId,
    day,
    expiresAt: expiresAt && expiresAt.toISOString(),
    mayHaveVersion: hardwareId !== null || appVersion !== null,
    isVersionEntitled: false,
  };
  const result = await runShared(ctx, takeUnits, request, async ({ isLast }) => {
    const { license, activation } = await getValidationData(ctx, licenseKey, hardwareId ?? "", {
      uncached: true,
    });
    const app = await machineVersionOf(ctx, license, activation, appVersion);
    requireValid(license, hardwareId === null ? { day, app } : { day, app, activation });
    // Units of a license on which the version decides are counted in the second attempt.
    const isUndecided = app !== undefined && request.mayHaveVersion && !request.isVersionEntitled;
    request.isVersionEntitled = true;
    if (isUndecided && !isLast) return;
    const meters = await listCurrentMeters(ctx, license.id);
    const found = meters.find((each) => each.meter === meter);
    if (!found) refuse("METER_NOT_FOUND", { meter, meters: meters.map(({ meter }) => meter) });
    const { limit, used, reserved, most, endsOn, isDue } = found;
    // A meter that changes faster than it can be read counts as full.
    if (isLast || used + reserved + amount > most) {
      refuse("USAGE_LIMIT_REACHED", { meter, limit, used, reserved, periodEnds: endsOn && endOf(endsOn) });
    }
    if (isDue) await closeLapsedReservations(ctx, license.id);
  });
  ctx.balances?.note(result);
  noteSubject(ctx, result.licenseId, result.activationId);
  return result;
}
