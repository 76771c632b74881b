// Giving a license file back before its end: what it borrowed is free again by the ordinary rules.
import { getMachineData } from "../activations/machine_data.ts";
import type { ValidationData } from "../activations/validation_packing.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { LicenseFileRow } from "./license_file.ts";

/**
 * Ends the license file of a machine. One that has ended, or was given back before, stays so.
 *
 * @returns whether there was a file that had not ended
 * @throws DomainError `INVALID_LICENSE`, `NOT_ACTIVATED` when the machine was never activated
 */
export async function checkInFile(
  ctx: Context,
  machine: { licenseKey: string; hardwareId: string },
): Promise<boolean> {
  const found: ValidationData = await getMachineData(ctx, { ...machine, appVersion: null });
  const { license, activation } = found;
  if (!activation) refuse("NOT_ACTIVATED", { reason: "not_found" });
  return await inTransaction(ctx, async (ctx) => {
    const [file] = await ctx.db<Pick<LicenseFileRow, "seq">[]>`
      with returned as (
        update license_files
        set returned_at = ${ctx.now}, is_borrowed = false
        where activation_id = ${activation.id} and returned_at is null and expires_at > ${ctx.now}
        returning seq, status_id
      ),
      revoked as (
        update license_statuses
        set revoked_at = ${ctx.now}
        where id in (select status_id from returned)
      )
      select seq
      from returned`;
    if (!file) return false;
    await recordEvent(ctx, {
      type: "license_file.returned",
      subjectId: activation.id,
      licenseId: license.id,
      customerId: license.customerId,
      activationId: activation.id,
      after: { seq: file.seq },
    });
    return true;
  });
}
