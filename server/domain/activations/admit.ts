// Activating a machine where the terms count other machines too: where a full license replaces an idle one, limits new ones,
// or where a machine may be active once. It locks the license first and reads afterwards, so that it sees every machine.
import { type Db, transaction } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import { activationCapacityOf, usableOn } from "../policy/conditions.ts";
import type { Terms } from "../policy/inputs.ts";
import type { ActivationRow } from "./activation.ts";
import { activateMachines, type ActivationRequest, type ActivationResult } from "./activation_batch.ts";
import { deactivateMachines } from "./deactivation_batch.ts";
import { lockedLicenses, requestRows } from "./machine_requests.ts";
import { findOtherActivation, lockMachines } from "./unique_machine.ts";

/** Days within which new machines are counted. */
export const NEW_MACHINE_DAYS = 30;
const DAY = 86_400_000;

type MachineTerms =
  & Pick<Terms, "machineReplacement" | "replacementIdleDays" | "maxNewMachines" | "machineUniqueness">
  & { id: number; activationsInUse: number; capacity: number };

export interface AdmissionResult extends ActivationResult {
  /** The machine whose activation it took. */
  replaced: ActivationRow | null;
}

/** Activates machines, as `activateMachines`; when it waits, by all terms of their licenses. */
export async function admitMachines(
  db: Db,
  requests: ActivationRequest[],
  { waits }: { waits: boolean },
): Promise<(AdmissionResult | null)[]> {
  if (waits) {
    const results = [];
    for (const request of requests) results.push(await admitMachine(db, request));
    return results;
  }
  const results = await activateMachines(db, requests, { waits });
  return results.map((result) => result && { ...result, replaced: null });
}

async function admitMachine(db: Db, request: ActivationRequest): Promise<AdmissionResult | null> {
  return await transaction(db, async (db) => {
    const license = await lockLicense(db, request);
    if (!license) return null;
    const [known] = await db<Pick<ActivationRow, "isActive" | "deactivationReason">[]>`
      select is_active, deactivation_reason
      from activations
      where license_id = ${license.id} and hardware_id = ${request.hardwareId}`;
    let replaced: ActivationRow | null = null;
    const isAdmitted = request.admits === "any" || known?.deactivationReason === "lapsed";
    if (isAdmitted && !known?.isActive) {
      if (license.machineUniqueness !== "license") {
        await lockMachines(db, [request.hardwareId]);
        if (await findOtherActivation(db, license.id, request.hardwareId)) return null;
      }
      if (!known && await findRoomForNew(db, license, new Date(request.at))) return null;
      if (license.activationsInUse >= license.capacity) {
        replaced = await replaceIdle(db, license, request);
        if (!replaced) return null;
      }
    }
    const [result] = await activateMachines(db, [request], { waits: true });
    if (!result && replaced) throw new Error("a machine was replaced by none");
    return result && { ...result, replaced };
  });
}

/** The terms of a license that is usable, its row locked; null when it is not. */
async function lockLicense(db: Db, request: ActivationRequest): Promise<MachineTerms | null> {
  const own = { names: db`day`, arrays: db`${[request.day]}::date[]` };
  const isUsable = usableOn({ db }, "l", db`r.day`, {
    isEntitled: db`${request.isVersionEntitled}::boolean`,
  });
  const [license] = await db<MachineTerms[]>`
    with request as materialized (${requestRows(db, [request], own)}),
    locked as materialized (${lockedLicenses(db, { waits: true })})
    select
      l.id, l.machine_replacement, l.replacement_idle_days, l.max_new_machines, l.machine_uniqueness,
      l.activations_in_use, ${activationCapacityOf({ db }, "l")} as capacity
    from locked l
    join request r on r.license_id = l.id
    where (r.product_id is null or l.product_id = r.product_id) and ${isUsable}`;
  return license ?? null;
}

/** Deactivates the machine that was idle longest, if one is idle for long enough. None is idle whose borrowed file has not ended. */
async function replaceIdle(
  db: Db,
  license: MachineTerms,
  request: ActivationRequest,
): Promise<ActivationRow | null> {
  // Above a limit that was lowered, one for another would keep it above.
  if (license.machineReplacement !== "longest_idle" || license.activationsInUse > license.capacity) {
    return null;
  }
  const idleSince = new Date(Date.parse(request.at) - license.replacementIdleDays * DAY);
  // A machine whose row is locked sends a heartbeat.
  const [idle] = await db<{ id: number }[]>`
    select a.id
    from activations a
    where a.license_id = ${license.id} and a.is_active and a.last_heartbeat <= ${idleSince}
      and not exists (
        select
        from license_files f
        where f.activation_id = a.id and f.is_borrowed and f.expires_at > ${request.at}::timestamptz
      )
    order by a.last_heartbeat, a.id
    limit 1
    for no key update of a skip locked`;
  if (!idle) return null;
  // A file that was issued before the lock may be younger than what the statement saw.
  const [borrowed] = await db`
    select
    from license_files
    where activation_id = ${idle.id} and is_borrowed and expires_at > ${request.at}::timestamptz`;
  if (borrowed) return await replaceIdle(db, license, request);
  const { target: _, ...caller } = request;
  const [result] = await deactivateMachines(db, [{
    ...caller,
    target: { licenseId: license.id, keyDigests: [] },
    machine: { activationId: idle.id, hardwareId: null },
    reason: "replaced",
  }], { waits: true });
  return result?.isChanged ? result.activation : null;
}

/** The time after which machines count as new. */
const newSince = (now: Date) => new Date(now.getTime() - NEW_MACHINE_DAYS * DAY);

/** How many machines of each license are new at a time, for those that have any. */
export async function countNewMachines(
  db: Db,
  licenseIds: number[],
  now: Date,
): Promise<Map<number, number>> {
  const counts = await db<{ licenseId: number; count: number }[]>`
    select license_id, count(*) as count
    from activations
    where license_id = any(${licenseIds}::bigint[]) and first_activated_at > ${newSince(now)}
    group by license_id`;
  return new Map(counts.map(({ licenseId, count }) => [licenseId, count]));
}

/** Whether a machine that was activated for the first time at a time is new. */
export const isNewMachine = (activatedAt: Date, now: Date): boolean => activatedAt > newSince(now);

/** When there is room for a new machine; null: there is. */
export async function findRoomForNew(
  db: Db,
  { id, maxNewMachines }: Pick<MachineTerms, "id" | "maxNewMachines">,
  now: Date,
): Promise<Date | null> {
  if (maxNewMachines === null) return null;
  // All activations of the license are read: there are few where new ones are limited.
  const [last] = await db<{ firstActivatedAt: Date }[]>`
    select first_activated_at
    from activations
    where license_id = ${id} and first_activated_at > ${newSince(now)}
    order by first_activated_at desc
    offset ${maxNewMachines - 1}
    limit 1`;
  return last ? new Date(last.firstActivatedAt.getTime() + NEW_MACHINE_DAYS * DAY) : null;
}

/**
 * Refuses a machine that its license does not admit by the terms that count other machines.
 *
 * @param options.isNew whether it was never activated on the license
 * @param options.isAlone whether it was tried alone, which decides on these terms
 * @returns whether it has to be tried alone
 * @throws DomainError `MACHINE_ALREADY_ACTIVATED`, `NEW_MACHINES_LIMIT_REACHED`
 */
export async function requireAdmission(
  ctx: Context,
  { licenseId, hardwareId }: { licenseId: number; hardwareId: string },
  { isNew, isAlone }: { isNew: boolean; isAlone: boolean },
): Promise<boolean> {
  const [license] = await ctx.db<MachineTerms[]>`
    select id, machine_replacement, max_new_machines, machine_uniqueness
    from licenses
    where id = ${licenseId}`;
  const { machineReplacement, maxNewMachines, machineUniqueness } = license;
  const isLimited = maxNewMachines !== null || machineUniqueness !== "license";
  if (!isLimited && machineReplacement === "refuse") return false;
  if (!isAlone) return true;
  if (machineUniqueness !== "license") {
    const other = await findOtherActivation(ctx.db, licenseId, hardwareId);
    if (other !== null) {
      refuse("MACHINE_ALREADY_ACTIVATED", {
        within: machineUniqueness,
        ...ctx.actor.kind === "administrator" ? { licenseId: other } : {},
      });
    }
  }
  const roomAt = isNew ? await findRoomForNew(ctx.db, license, ctx.now) : null;
  if (roomAt) refuse("NEW_MACHINES_LIMIT_REACHED", { maxNewMachines: maxNewMachines!, availableAt: roomAt });
  return false;
}
