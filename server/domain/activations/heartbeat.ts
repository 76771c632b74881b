// The heartbeat of a machine.
import type { Context } from "../context.ts";
import { findAppVersion } from "../releases/app_version.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { getMachineData, type ReportedMachine } from "./machine_data.ts";
import { noteHeartbeat } from "./validation_data.ts";
import { leaseEnd, validate, type ValidationResult } from "./verify.ts";

/**
 * Records a machine's heartbeat and validates its license. The heartbeat is written when the promise resolves.
 *
 * @returns `lastHeartbeat` is null when the machine has no active activation; `leaseEnds` is when it lapses without another
 *   heartbeat, null: never
 * @throws DomainError `INVALID_LICENSE`
 */
export function recordHeartbeat(
  ctx: Context,
  input: ReportedMachine,
): MaybePromise<ValidationResult & { lastHeartbeat: Date | null; leaseEnds: Date | null }> {
  return whenKnown(getMachineData(ctx, input), (data) => {
    const { activation, license } = data;
    const { appVersion } = input;
    return whenKnown(findAppVersion(ctx, license, appVersion), (app) => {
      if (!activation?.isActive) {
        return { ...validate(ctx, data, { app }), lastHeartbeat: null, leaseEnds: null };
      }
      return ctx.heartbeats.write({ activationId: activation.id, at: ctx.now, appVersion }).then(() => {
        noteHeartbeat(ctx, input);
        const result = validate(ctx, data, { app });
        const leaseEnds = result.valid ? leaseEnd(data, ctx.now.getTime()) : null;
        return { ...result, lastHeartbeat: ctx.now, leaseEnds };
      });
    });
  });
}
