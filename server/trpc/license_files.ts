// License files for administrators: requests of apps without a network, and the files of devices.
import { id } from "../domain/input_fields.ts";
import { newFileOfDevice, newRequestedFile, removal, requestedFile } from "../domain/license_files/inputs.ts";
import { findFileOfDevice, issueFileForDevice } from "../domain/license_files/of_device.ts";
import { removeByCode } from "../domain/license_files/remove.ts";
import { issueRequestedFile, previewRequestedFile } from "../domain/license_files/requested_file.ts";
import { describeApiError, factsOf } from "../request/error_form.ts";
import { readOfflineRequest } from "../request/offline_requests.ts";
import { wireFileClaims } from "../request/wire_files.ts";
import { manager, router, viewer } from "./trpc.ts";
import { z } from "zod";

const ofActivation = z.strictObject({ activationId: id });

export const licenseFilesRouter = router({
  /** Changes nothing; a mutation because the request holds a license key, which belongs into no URL. */
  preview: viewer.input(requestedFile).mutation(async ({ ctx: { ctx, site }, input }) => {
    const { refusal, ...preview } = await previewRequestedFile(ctx, {
      request: readOfflineRequest(input.request),
      ttl: null,
      issuer: site.publicUrl,
      userId: null,
    }, wireFileClaims);
    return {
      ...preview,
      refusal: refusal &&
        { code: refusal.code, message: describeApiError(refusal).message, details: factsOf(refusal) },
    };
  }),
  issue: manager.input(newRequestedFile).mutation(async ({ ctx: { ctx, site }, input }) => {
    const { file, activation: { activation, isNew, isOverLimit, replaced } } = await issueRequestedFile(ctx, {
      request: readOfflineRequest(input.request),
      ttl: input.ttl,
      issuer: site.publicUrl,
      userId: null,
    }, wireFileClaims);
    const { id: activationId, licenseId } = activation;
    return { ...file, activationId, licenseId, isNew, isOverLimit, replaced };
  }),
  /** Enters the removal code of an app. */
  remove: manager.input(removal).mutation(({ ctx: { ctx }, input }) =>
    removeByCode(ctx, { ...input, userId: null })
  ),
  ofActivation: viewer.input(ofActivation).query(({ ctx: { ctx }, input }) =>
    findFileOfDevice(ctx, input.activationId)
  ),
  issueFor: manager.input(newFileOfDevice.extend(ofActivation.shape)).mutation(
    ({ ctx: { ctx, site }, input: { encrypt, ...input } }) =>
      issueFileForDevice(ctx, { ...input, isEncrypted: encrypt, issuer: site.publicUrl }, wireFileClaims),
  ),
});
