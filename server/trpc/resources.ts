// Resources: the pool, and which license has what.
import { allocateResources, releaseResources } from "../domain/resources/allocate.ts";
import * as input from "../domain/resources/inputs.ts";
import { getResource, listResources } from "../domain/resources/list.ts";
import * as resources from "../domain/resources/resources.ts";
import { countResources } from "../domain/resources/statistics.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, router, viewer } from "./trpc.ts";

export const resourcesRouter = router({
  list: viewer.input(input.resourceList).query(({ ctx: { ctx }, input }) => listResources(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getResource(ctx, input.id)),
  stats: viewer.query(({ ctx: { ctx } }) => countResources(ctx)),
  create: manager.input(input.newResource).mutation(({ ctx: { ctx }, input }) =>
    resources.createResource(ctx, input)
  ),
  edit: manager.input(editOf(input.resourceChanges)).mutation(({ ctx: { ctx }, input }) =>
    resources.updateResource(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => resources.deleteResource(ctx, input.id)),
  deleteConflict: deleteConflict(resources.findResourceDeleteConflict),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    resources.restoreResource(ctx, input.id)
  ),
  allocate: manager.input(input.allocation).mutation(({ ctx: { ctx }, input }) =>
    allocateResources(ctx, input)
  ),
  release: manager.input(input.release).mutation(({ ctx: { ctx }, input }) => releaseResources(ctx, input)),
});
