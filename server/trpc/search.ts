// Global search over customers, licenses, devices and leads, and the search by name over everything else.
import { nameSearch, search } from "../domain/search/inputs.ts";
import { searchNames } from "../domain/search/names.ts";
import { searchEverything } from "../domain/search/search.ts";
import { listUsedTags } from "../domain/tags.ts";
import { router, viewer } from "./trpc.ts";

export const searchRouter = router({
  everything: viewer.input(search).query(({ ctx: { ctx }, input }) =>
    searchEverything(ctx, { q: input.q, type: input.type ?? null, limit: input.limit ?? 20 })
  ),
  names: viewer.input(nameSearch).query(({ ctx: { ctx }, input }) => searchNames(ctx, input)),
  /** The tags in use, which the fields of tags suggest. */
  tags: viewer.query(({ ctx: { ctx } }) => listUsedTags(ctx)),
});
