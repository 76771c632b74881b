// Why a license is or is not usable on a machine: the policy's checks with their values, and what would change the answer.
import { type CalendarDay, dayOf } from "../calendar.ts";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { hasKey, refuseUnknownKey, requireKey } from "../licenses/key.ts";
import { getLicenseById } from "../licenses/list.ts";
import { leaseLength } from "../policy/lease.ts";
import { type CheckResult, evaluate, type Evaluation, isValid } from "../policy/evaluate.ts";
import {
  describeCheck,
  type ExplainedDevice,
  type ExplainedFacts,
  remediesOf,
  type Remedy,
} from "../policy/explanations.ts";
import { findAppVersion } from "../releases/app_version.ts";

export interface ExplainedCheck extends CheckResult {
  /** What the check found. */
  sentence: string;
  /** What would make it pass; nothing when it does. */
  remedies: Remedy[];
}

export interface Explanation {
  licenseId: number;
  /** The machine; null: one that was never activated. */
  hardwareHash: string | null;
  /** The day in UTC that is explained. */
  on: CalendarDay;
  /** The code that a verification returns on that day. */
  verify: Evaluation["code"];
  /** The code that an activation returns. */
  activate: Evaluation["code"];
  /** The code that the start of a session returns. */
  session: Evaluation["code"];
  /** The checks of all of them, in order. */
  checks: ExplainedCheck[];
}

export interface ExplanationInput {
  licenseId: number;
  hardwareId: string | null;
  /** By default today. */
  on?: CalendarDay;
  /** The version of the app; by default the one that the machine reported last. */
  appVersion?: string;
}

/** Devices that are named as candidates for a deactivation. */
const MAX_IDLE_DEVICES = 5;

/**
 * Evaluates a license on a machine, which may be unknown. What is in use is that of now, also for another day.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function explainValidation(
  ctx: Context,
  { licenseId, hardwareId, on: day = dayOf(ctx.now), appVersion }: ExplanationInput,
): Promise<Explanation> {
  requireRole(ctx, "viewer");
  const listed = await getLicenseById(ctx, licenseId);
  const [known] = await ctx.db<
    (Pick<ExplainedFacts["license"], "anchorDay" | "duration" | "renewalBasis" | "machineOverage"> & {
      machineLease: string | null;
      activation:
        | { isActive: boolean; appVersion: string | null; hasLapsed: boolean; lastHeartbeat: number }
        | null;
      seatsInUse: number;
    })[]
  >`
    select
      l.anchor_day, l.duration, l.renewal_basis, l.machine_overage, l.machine_lease,
      (
        select jsonb_build_object(
          'isActive', is_active, 'appVersion', app_version,
          'hasLapsed', coalesce(deactivation_reason = 'lapsed', false),
          'lastHeartbeat', extract(epoch from last_heartbeat) * 1000
        )
        from activations
        where license_id = l.id and hardware_id = ${hardwareId}
      ) as activation,
      (
        select count(*)
        from seats s
        join activations a on a.id = s.activation_id
        where s.license_id = l.id and s.expires_at > ${ctx.now} and case l.seat_scope
          when 'machine' then a.hardware_id = ${hardwareId}
          -- A device gets its own seat again.
          else a.hardware_id is distinct from ${hardwareId}
        end
      ) as seats_in_use
    from licenses l
    where l.id = ${licenseId}`;
  const { activation, seatsInUse, machineLease, ...terms } = known;
  const license = { ...listed, ...terms };
  const { activationsInUse } = license;
  const app = await findAppVersion(ctx, license, appVersion ?? activation?.appVersion ?? null);
  const activate =
    evaluate(license, activation?.isActive ? { day, app } : { day, app, activationsInUse }).code;
  const { checks } = evaluate(license, { day, app, activation, activationsInUse, seatsInUse });
  const isFull = checks.some(({ code, passed }) => code === "ACTIVATION_LIMIT_REACHED" && !passed);
  const facts: ExplainedFacts = {
    license,
    day,
    mayActivate: isValid(activate),
    lease: activation && machineLease
      ? {
        length: machineLease,
        lastHeartbeat: new Date(activation.lastHeartbeat),
        ends: new Date(activation.lastHeartbeat + leaseLength(machineLease)),
      }
      : null,
    idleDevices: isFull ? await listIdleDevices(ctx, licenseId) : [],
  };
  return {
    licenseId,
    hardwareHash: hardwareId,
    on: day,
    // A device that lapsed is activated again by its verification.
    verify: activation?.hasLapsed && isValid(activate)
      ? activate
      : evaluate(license, { day, app, activation }).code,
    activate,
    session: evaluate(license, { day, app, activation, seatsInUse }).code,
    checks: checks.map((check) => ({
      ...check,
      sentence: describeCheck(check, facts),
      remedies: remediesOf(check, facts),
    })),
  };
}

/**
 * Evaluates the license of a key, deleted or not.
 *
 * @throws DomainError `INVALID_LICENSE`
 */
export async function explainValidationByKey(
  ctx: Context,
  { licenseKey, ...input }: Omit<ExplanationInput, "licenseId"> & { licenseKey: string },
): Promise<Explanation> {
  requireRole(ctx, "viewer");
  const key = requireKey(ctx, licenseKey);
  const [license] = await ctx.db<{ id: number }[]>`
    select l.id
    from licenses l
    where ${hasKey(ctx, ctx.db`l.key_digest`, key)}`;
  if (!license) refuseUnknownKey(key);
  return await explainValidation(ctx, { ...input, licenseId: license.id });
}

/** The active devices of a license that were idle longest. */
async function listIdleDevices(ctx: Context, licenseId: number): Promise<ExplainedDevice[]> {
  return await ctx.db<ExplainedDevice[]>`
    select id, hardware_id, machine_name, last_heartbeat
    from activations
    where license_id = ${licenseId} and is_active
    order by last_heartbeat, id
    limit ${MAX_IDLE_DEVICES}`;
}
