// Resources: the pool, and which license has what.
import { allocateResources, releaseResources } from "../domain/resources/allocate.ts";
import * as input from "../domain/resources/inputs.ts";
import * as resources from "../domain/resources/resource.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const resourcesRouter = router({
  list: viewer.input(input.resourceList).query(({ ctx: { ctx }, input }) =>
    resources.listResources(ctx, input)
  ),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => resources.getResource(ctx, input.id)),
  stats: viewer.query(({ ctx: { ctx } }) => resources.countResources(ctx)),
  create: manager.input(input.newResource).mutation(({ ctx: { ctx }, input }) =>
    resources.createResource(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: input.resourceChanges })).mutation(({ ctx: { ctx }, input }) =>
    resources.editResource(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => resources.deleteResource(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    resources.restoreResource(ctx, input.id)
  ),
  allocate: manager.input(input.allocation).mutation(({ ctx: { ctx }, input }) =>
    allocateResources(ctx, input)
  ),
  release: manager.input(input.release).mutation(({ ctx: { ctx }, input }) =>
    releaseResources(ctx, input.resourceIds)
  ),
});
