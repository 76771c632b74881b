// Saving imported devices as activations of their licenses.
import { insertImported } from "../activations/imported.ts";
import type { Context } from "../context.ts";
import { activeSince, type TableDevice } from "./table_device.ts";

/**
 * Inserts devices whose licenses are known and locked; one without times was activated and seen now.
 *
 * @returns their ids, in their order
 */
export async function insertDevices(ctx: Context, rows: TableDevice[]): Promise<number[]> {
  return await insertImported(
    ctx,
    rows.map((row) => {
      const { ofLicense, fingerprint, device, version, active = true, activated, lastSeen } = row;
      return {
        licenseId: ofLicense!.id,
        customerId: ofLicense!.customerId,
        hardwareId: fingerprint,
        machineName: device ?? null,
        appVersion: version ?? null,
        isActive: active,
        activatedAt: activeSince(row) ?? ctx.now,
        metadata: row.allMetadata!,
        lastHeartbeat: lastSeen ?? activated ?? ctx.now,
      };
    }),
  );
}
