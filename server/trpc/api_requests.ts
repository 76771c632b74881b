// The log of API requests.
import { apiRequestList } from "../domain/api_requests/inputs.ts";
import { getApiRequest, listApiRequests } from "../domain/api_requests/list.ts";
import { explainOutcome } from "../request/api_request_outcome.ts";
import { oneId, router, viewer } from "./trpc.ts";

export const apiRequestsRouter = router({
  list: viewer.input(apiRequestList).query(({ ctx: { ctx }, input }) => listApiRequests(ctx, input)),
  get: viewer.input(oneId).query(async ({ ctx: { ctx }, input }) =>
    explainOutcome(await getApiRequest(ctx, input.id))
  ),
});
