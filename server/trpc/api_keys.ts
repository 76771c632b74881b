// API keys: list, create, revoke, and logging the bodies of their requests.
import { createApiKey, listApiKeys, logBodies, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import * as apiKeyInput from "../domain/api_keys/inputs.ts";
import { oneId, owner, router } from "./trpc.ts";

export const apiKeysRouter = router({
  list: owner.input(apiKeyInput.apiKeyList).query(({ ctx: { ctx }, input }) => listApiKeys(ctx, input)),
  create: owner.input(apiKeyInput.newApiKey).mutation(async ({ ctx: { ctx }, input }) => {
    const { row, key } = await createApiKey(ctx, { name: input.name, productId: input.productId ?? null });
    return { id: row.id, name: row.name, prefix: row.prefix, key };
  }),
  logBodies: owner.input(oneId.extend(apiKeyInput.bodyLogging.shape)).mutation(({ ctx: { ctx }, input }) =>
    logBodies(ctx, input)
  ),
  revoke: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => revokeApiKey(ctx, input.id)),
});
