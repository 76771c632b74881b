// API keys of apps and scripts.
import { z } from "zod";
import { createApiKey, listApiKeys, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import { apiKeyList, newApiKey } from "../domain/api_keys/inputs.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, text, time } from "./schemas.ts";

export const apiKey = z.object({
  id: integer.describe("The API key's id"),
  name: text.describe("Name"),
  prefix: text.describe("First characters of the key"),
  product_id: integer.nullable().describe("The product's id"),
  created_at: time,
  last_used_at: time.nullable().describe("Time of last use"),
  revoked_at: time.nullable().describe("Time of revocation; null when active"),
  key: text.optional().describe("The key; only in the response that creates it"),
}).meta({ id: "ApiKey" });

export function apiKeyEndpoints({ owner }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "ApiKey", label: "API key" },
      path: "/api/admin/api-keys",
      tag: "API keys",
      reads: owner,
      writes: owner,
      schema: apiKey,
      list: { input: apiKeyList, verb: listApiKeys },
      create: {
        input: newApiKey,
        verb: async (ctx, { name, productId = null }) => {
          const { row: { keyHash: _, ...row }, key } = await createApiKey(ctx, { name, productId });
          return { ...row, key };
        },
      },
      delete: revokeApiKey,
      deletion: "revoke",
      errors: ["REAUTHENTICATION_REQUIRED"],
    }),
  ];
}
