// Deactivating a machine and activating it again.
import { refresh } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { runWithToast } from "../../ui/Toasts.tsx";

export type Device = Outputs["devices"]["list"]["rows"][number];

/** A machine's name, or the beginning of its fingerprint when it has none. */
export function deviceName(
  { machineName, hardwareId }: { machineName: string | null; hardwareId: string },
): string {
  return machineName ?? `${hardwareId.slice(0, 12)}${hardwareId.length > 12 ? "…" : ""}`;
}

type Machine = Pick<Device, "id" | "licenseId" | "hardwareId">;

type NamedMachine = Machine & Pick<Device, "machineName">;

/** Resolves to whether it was active. */
async function deactivate({ id, licenseId }: Machine): Promise<boolean> {
  const changed = await trpc.devices.deactivate.mutate({ id, licenseId });
  refresh();
  return changed;
}

/** Resolves to whether it was inactive. */
async function activate({ licenseId, hardwareId }: Machine): Promise<boolean> {
  // Name and version are known already and stay as they are.
  const { isNew } = await trpc.devices.register.mutate({ licenseId, hardwareHash: hardwareId });
  refresh();
  return isNew;
}

/** Deactivates a machine. Undo activates it again, if the license is usable and below its limit by then. */
export function deactivateDevice(device: NamedMachine): void {
  // A copy: the row changes with the next refetch, and undo runs later.
  const { id, licenseId, hardwareId } = device;
  const machine = { id, licenseId, hardwareId };
  void runWithToast(
    () => deactivate(machine),
    `${deviceName(device)} deactivated.`,
    () => activate(machine),
  );
}

/** Activates a deactivated machine again. */
export function activateDevice(device: NamedMachine): void {
  const { id, licenseId, hardwareId } = device;
  const machine = { id, licenseId, hardwareId };
  void runWithToast(
    () => activate(machine),
    `${deviceName(device)} reactivated.`,
    () => deactivate(machine),
  );
}
