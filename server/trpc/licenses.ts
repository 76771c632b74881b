// Licenses, their devices and seats.
import { z } from "zod";
import { deactivateDevice, registerDevice } from "../domain/devices/manage.ts";
import { explainValidation } from "../domain/devices/explain.ts";
import { listDevices } from "../domain/devices/list.ts";
import { endSeatByNumber } from "../domain/seats/end.ts";
import { deviceList, newDevice } from "../domain/devices/inputs.ts";
import { seatList } from "../domain/seats/inputs.ts";
import * as input from "../domain/licenses/inputs.ts";
import { assignment } from "../domain/accounts/inputs.ts";
import { licenseDeliveryList } from "../domain/webhooks/inputs.ts";
import { assignLicense } from "../domain/licenses/assign.ts";
import { generateUnusedKey, issueLicense } from "../domain/licenses/issue.ts";
import { extendLicenses, undoExtension } from "../domain/licenses/extend.ts";
import { getLicenseById, listLicenseIds, listLicenses } from "../domain/licenses/list.ts";
import * as manage from "../domain/licenses/manage.ts";
import { previewChange } from "../domain/licenses/preview.ts";
import { countSubscribers } from "../domain/webhooks/fan_out.ts";
import { listLicenseDeliveries } from "../domain/webhooks/list.ts";
import { countActiveSeats, listSeats } from "../domain/seats/list.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const licensesRouter = router({
  list: viewer.input(input.licenseList).query(({ ctx: { ctx }, input }) => listLicenses(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getLicenseById(ctx, input.id)),
  explain: viewer.input(oneId.extend({ hardwareId: z.string().max(255).nullable() })).query(
    ({ ctx: { ctx }, input }) =>
      explainValidation(ctx, { licenseId: input.id, hardwareId: input.hardwareId }),
  ),
  issue: manager.input(input.newLicense).mutation(async ({ ctx: { ctx }, input }) =>
    getLicenseById(ctx, (await issueLicense(ctx, input)).id)
  ),
  edit: manager.input(oneId.extend({ changes: input.licenseChanges })).mutation(
    async ({ ctx: { ctx }, input }) =>
      getLicenseById(ctx, (await manage.updateLicense(ctx, { id: input.id, changes: input.changes })).id),
  ),
  toggle: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => manage.toggleLicense(ctx, input.id)),
  switchOn: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.setLicensesEnabled(ctx, { ids: input.licenseIds, enabled: true })
  ),
  switchOff: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.setLicensesEnabled(ctx, { ids: input.licenseIds, enabled: false })
  ),
  delete: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.deleteLicenses(ctx, input.licenseIds)
  ),
  restore: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.restoreLicenses(ctx, input.licenseIds)
  ),
  matching: viewer.input(input.licenseFilters).query(({ ctx: { ctx }, input }) => listLicenseIds(ctx, input)),
  /** Asks and changes nothing; a mutation because thousands of ids fit into a body and not into an address. */
  preview: viewer.input(input.licensePreview).mutation(async ({ ctx: { ctx }, input }) => {
    const preview = await previewChange(ctx, input);
    return { ...preview, webhooks: await countSubscribers(ctx, preview.eventType) };
  }),
  extend: manager.input(input.extensionInput).mutation(({ ctx: { ctx }, input }) =>
    extendLicenses(ctx, input)
  ),
  undoExtension: manager.input(input.extensionUndo).mutation(({ ctx: { ctx }, input }) =>
    undoExtension(ctx, input)
  ),
  /** The webhook deliveries about it. */
  deliveries: viewer.input(oneId.extend(licenseDeliveryList.shape)).query(({ ctx: { ctx }, input }) =>
    listLicenseDeliveries(ctx, input.id, input)
  ),
  assign: manager.input(oneId.extend(assignment.shape)).mutation(async ({ ctx: { ctx }, input }) =>
    getLicenseById(ctx, (await assignLicense(ctx, { id: input.id, userId: input.userId })).id)
  ),
  generateKey: manager.mutation(({ ctx: { ctx } }) => generateUnusedKey(ctx)),
});

export const devicesRouter = router({
  list: viewer.input(deviceList).query(({ ctx: { ctx }, input }) => listDevices(ctx, input)),
  register: manager.input(newDevice.extend({ licenseId: oneId.shape.id })).mutation(
    async ({ ctx: { ctx }, input }) => {
      const { activation, isNew } = await registerDevice(ctx, input.licenseId, {
        hardwareId: input.hardwareHash,
        machineName: input.machineName ?? null,
        appVersion: input.appVersion ?? null,
      });
      return { ...activation, isNew };
    },
  ),
  deactivate: manager.input(oneId.extend({ licenseId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    deactivateDevice(ctx, { licenseId: input.licenseId, deviceId: input.id })
  ),
});

export const sessionsRouter = router({
  list: viewer.input(seatList).query(({ ctx: { ctx }, input }) => listSeats(ctx, input)),
  end: manager.input(oneId.extend({ licenseId: oneId.shape.id })).mutation(({ ctx: { ctx }, input }) =>
    endSeatByNumber(ctx, { licenseId: input.licenseId, number: input.id })
  ),
  activeCount: viewer.query(({ ctx: { ctx } }) => countActiveSeats(ctx)),
});
