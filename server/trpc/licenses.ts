// Licenses: lists, changes, bulk changes and previews.
import { z } from "zod";
import { explainValidation } from "../domain/devices/explain.ts";
import { componentsOf, explanationQuery } from "../domain/devices/inputs.ts";
import * as input from "../domain/licenses/inputs.ts";
import { assignment } from "../domain/accounts/inputs.ts";
import { licenseDeliveryList } from "../domain/webhooks/inputs.ts";
import { assignLicense } from "../domain/licenses/assign.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import { extendLicenses, undoExtension } from "../domain/licenses/extend.ts";
import { renewLicenses } from "../domain/licenses/renew.ts";
import { getLicenseById, listLicenseIds, listLicenses } from "../domain/licenses/list.ts";
import * as manage from "../domain/licenses/manage.ts";
import { previewChange } from "../domain/licenses/preview.ts";
import {
  cancelScheduledChanges,
  disableLicenses,
  enableLicenses,
} from "../domain/licenses/scheduled_changes.ts";
import { transferLicenses, undoTransfer } from "../domain/licenses/transfer.ts";
import { adjustUsage, getLicenseUsage } from "../domain/meters/administer.ts";
import { usageAdjustment } from "../domain/meters/inputs.ts";
import { countSubscribers } from "../domain/webhooks/fan_out.ts";
import { listLicenseDeliveries } from "../domain/webhooks/list.ts";
import { editOf, manager, oneId, router, seenRevision, viewer } from "./trpc.ts";

export const licensesRouter = router({
  list: viewer.input(input.licenseList).query(({ ctx: { ctx }, input }) => listLicenses(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getLicenseById(ctx, input.id)),
  explain: viewer.input(
    oneId.extend({
      hardwareId: z.string().max(255).nullable(),
      on: explanationQuery.shape.on,
      components: explanationQuery.shape.components,
    }),
  ).query(({ ctx: { ctx }, input: { id: licenseId, components, ...input } }) =>
    explainValidation(ctx, { ...input, licenseId, components: componentsOf(components) })
  ),
  issue: manager.input(input.newLicense).mutation(async ({ ctx: { ctx }, input }) =>
    getLicenseById(ctx, (await issueLicense(ctx, input)).id)
  ),
  edit: manager.input(editOf(input.licenseChanges)).mutation(
    async ({ ctx: { ctx }, input }) => getLicenseById(ctx, (await manage.updateLicense(ctx, input)).id),
  ),
  toggle: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => manage.toggleLicense(ctx, input.id)),
  enable: manager.input(input.enabling).mutation(({ ctx: { ctx }, input }) => enableLicenses(ctx, input)),
  disable: manager.input(input.disabling).mutation(({ ctx: { ctx }, input }) => disableLicenses(ctx, input)),
  cancelScheduled: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    cancelScheduledChanges(ctx, input.licenseIds)
  ),
  delete: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.deleteLicenses(ctx, input.licenseIds)
  ),
  restore: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) =>
    manage.restoreLicenses(ctx, input.licenseIds)
  ),
  matching: viewer.input(input.licenseFilters).query(({ ctx: { ctx }, input }) => listLicenseIds(ctx, input)),
  /** Changes nothing; a mutation because thousands of ids exceed the length of a URL. */
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
  renew: manager.input(input.licenseIds).mutation(({ ctx: { ctx }, input }) => renewLicenses(ctx, input)),
  transfer: manager.input(input.transferInput).mutation(({ ctx: { ctx }, input }) =>
    transferLicenses(ctx, input)
  ),
  undoTransfer: manager.input(input.transferUndo).mutation(({ ctx: { ctx }, input }) =>
    undoTransfer(ctx, input)
  ),
  usage: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getLicenseUsage(ctx, input.id)),
  adjustUsage: manager.input(oneId.extend(usageAdjustment.shape)).mutation(({ ctx: { ctx }, input }) =>
    adjustUsage(ctx, input)
  ),
  /** The webhook deliveries about it. */
  deliveries: viewer.input(oneId.extend(licenseDeliveryList.shape)).query(({ ctx: { ctx }, input }) =>
    listLicenseDeliveries(ctx, input.id, input)
  ),
  assign: manager.input(oneId.extend({ ...seenRevision.shape, ...assignment.shape })).mutation(
    async ({ ctx: { ctx }, input }) => getLicenseById(ctx, (await assignLicense(ctx, input)).id),
  ),
});
