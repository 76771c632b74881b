// Devices of licenses: list, read, register and deactivate.
import { getDeviceComponents } from "../domain/devices/components.ts";
import { deactivateDevice, registerDevice, updateDevice } from "../domain/devices/manage.ts";
import { getDevice, listDevices } from "../domain/devices/list.ts";
import { deviceChanges, deviceList, newDevice } from "../domain/devices/inputs.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const devicesRouter = router({
  list: viewer.input(deviceList).query(({ ctx: { ctx }, input }) => listDevices(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getDevice(ctx, input.id)),
  components: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getDeviceComponents(ctx, input.id)),
  register: manager.input(newDevice.extend({ licenseId: oneId.shape.id })).mutation(
    async ({ ctx: { ctx }, input }) => {
      const { activation, isNew, isOverLimit, replaced } = await registerDevice(ctx, input.licenseId, {
        hardwareId: input.hardwareHash,
        machineName: input.machineName ?? null,
        appVersion: input.appVersion ?? null,
        metadata: input.metadata,
      });
      return { ...activation, isNew, isOverLimit, replaced };
    },
  ),
  edit: manager.input(editOf(deviceChanges)).mutation(({ ctx: { ctx }, input }) => updateDevice(ctx, input)),
  deactivate: manager.input(oneId.extend({ licenseId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    deactivateDevice(ctx, { licenseId: input.licenseId, deviceId: input.id })
  ),
});
