// Releases, and the updates that apps are offered.
import { previewUpdates } from "../domain/version_checks/preview.ts";
import * as releaseInput from "../domain/releases/inputs.ts";
import * as releases from "../domain/releases/releases.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const releasesRouter = router({
  list: viewer.input(releaseInput.releaseList).query(({ ctx: { ctx }, input }) =>
    releases.listReleases(ctx, input)
  ),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => releases.getRelease(ctx, input.id)),
  /** The updates that apps of some versions would be offered. */
  explain: viewer.input(releaseInput.updatePreviewQuery).query(({ ctx: { ctx }, input }) =>
    previewUpdates(ctx, input)
  ),
  publish: manager.input(releaseInput.newRelease).mutation(({ ctx: { ctx }, input }) =>
    releases.publishRelease(ctx, input)
  ),
  edit: manager.input(editOf(releaseInput.releaseChanges)).mutation((
    { ctx: { ctx }, input },
  ) => releases.updateRelease(ctx, input)),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => releases.deleteRelease(ctx, input.id)),
  deleteConflict: deleteConflict(releases.findReleaseDeleteConflict),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => releases.restoreRelease(ctx, input.id)),
});
