// Ending activations whose machine was not heard of for the lease of their license. `licenses.next_lease_check` (0006_licenses.sql)
// is the time before which none of a license lapses, so that only licenses are read on which one may have.
import { type Context, inTransaction } from "../context.ts";
import { lockDueLeases, planLeaseChecks } from "../licenses/lease_checks.ts";
import { listOutages, noteOutage } from "../outages.ts";
import { idleLimit } from "../policy/lease.ts";
import { deactivateMachines, type DeactivationRequest } from "./deactivation_batch.ts";
import { licenseRequest } from "./machine_requests.ts";

/** Licenses and activations in a transaction. */
const MAX_LICENSES = 500, MAX_ACTIVATIONS = 1000;
/** A license is looked at again after this time at the earliest; milliseconds. */
const MIN_INTERVAL = 60_000;

/** Runs every half minute: as `lapseIdleActivations`, while a server runs that machines can call. */
export async function endLeases(ctx: Context): Promise<number> {
  return await noteOutage(ctx) ? await lapseIdleActivations(ctx) : 0;
}

/**
 * Deactivates the machines whose lease has ended, and frees their slots. Several workers may do so at once. A machine that is
 * heard of meanwhile, and one whose row is locked, keeps its activation.
 *
 * @returns the number of activations
 */
export async function lapseIdleActivations(ctx: Context): Promise<number> {
  let lapsed = 0;
  for (;;) {
    const batch = await lapseBatch(ctx);
    lapsed += batch.lapsed;
    if (batch.isLast) return lapsed;
  }
}

async function lapseBatch(ctx: Context): Promise<{ lapsed: number; isLast: boolean }> {
  return await inTransaction(ctx, async (ctx) => {
    const due = await lockDueLeases(ctx, MAX_LICENSES);
    if (due.length === 0) return { lapsed: 0, isLast: true };
    const outages = await listOutages(ctx);
    const idleSince = new Map(due.map(({ id, machineLease }) => [
      id,
      idleLimit(ctx.now, machineLease, outages),
    ]));
    // Each license's activations are found by the index of its unique fingerprints.
    const idle = await ctx.db<{ id: number; licenseId: number }[]>`
      select a.id, a.license_id
      from unnest(${[...idleSince.keys()]}::bigint[], ${
      [...idleSince.values()].map((since) => since.toISOString())
    }::timestamptz[]) as due (license_id, idle_since)
      join activations a on a.license_id = due.license_id and a.is_active and a.last_heartbeat <= due.idle_since
      where not exists (
        select
        from license_files f
        where f.activation_id = a.id and f.is_borrowed and f.expires_at > ${ctx.now}
      )
      limit ${MAX_ACTIVATIONS}`;
    const results = await deactivateMachines(
      ctx.db,
      idle.map(({ id, licenseId }): DeactivationRequest => ({
        ...licenseRequest(ctx, { licenseId, keyDigests: [] }),
        machine: { activationId: id, hardwareId: null },
        reason: "lapsed",
        idleSince: idleSince.get(licenseId),
      })),
      { waits: false },
    );
    const lapsed = results.filter((result) => result?.isChanged).length;
    // Of more activations than a transaction ends the others follow at once, but for those that stay.
    const isFull = idle.length === MAX_ACTIVATIONS && lapsed > 0;
    await planLeaseChecks(ctx, due, {
      from: isFull ? ctx.now : new Date(ctx.now.getTime() + MIN_INTERVAL),
    });
    return { lapsed, isLast: due.length < MAX_LICENSES && !isFull };
  });
}
