// Freeing the place a machine holds, and giving it one again.
import { refresh } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { runWithToast } from "../../ui/Toasts.tsx";

export type Device = Outputs["devices"]["list"]["rows"][number];

/** What a machine is called; one that never said is known by its fingerprint. */
export function deviceName(
  { machineName, hardwareId }: { machineName: string | null; hardwareId: string },
): string {
  return machineName ?? `${hardwareId.slice(0, 12)}${hardwareId.length > 12 ? "…" : ""}`;
}

type Machine = Pick<Device, "id" | "licenseId" | "hardwareId">;

async function free({ id, licenseId }: Machine): Promise<void> {
  await trpc.devices.deactivate.mutate({ id, licenseId });
  refresh();
}

async function place({ licenseId, hardwareId }: Machine): Promise<void> {
  // Name and version are known of it already and stay.
  await trpc.devices.register.mutate({ licenseId, hardwareHash: hardwareId });
  refresh();
}

/** Deactivates a machine. Undo gives it a place again, if its license can be used and has one free by then. */
export function deactivateDevice(device: Device): void {
  // As it is now: the row goes on changing, and undo comes later.
  const { id, licenseId, hardwareId } = device;
  const machine = { id, licenseId, hardwareId };
  void runWithToast(
    () => free(machine),
    `${deviceName(device)} is deactivated.`,
    () => place(machine),
  );
}

/** Gives a machine that was deactivated a place again. */
export function activateDevice(device: Device): void {
  const { id, licenseId, hardwareId } = device;
  const machine = { id, licenseId, hardwareId };
  void runWithToast(
    () => place(machine),
    `${deviceName(device)} is active again.`,
    () => free(machine),
  );
}
