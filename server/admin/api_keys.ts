// API keys of apps and scripts.
import { z } from "zod";
import { createApiKey, listApiKeys, logBodies, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import { apiKeyList, bodyLogging, newApiKey } from "../domain/api_keys/inputs.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, oneId, text, time } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

export const apiKey = z.object({
  id: integer.describe("The API key's id"),
  name: text.describe("Name"),
  prefix: text.describe("First characters of the key"),
  product_id: integer.nullable().describe("The product's id"),
  created_at: time,
  last_used_at: time.nullable().describe("Time of last use"),
  bodies_until: time.nullable().describe(
    "Until when the bodies of its requests are logged; null: they are not",
  ),
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
    endpoint({
      method: "post",
      path: "/api/admin/api-keys/{id}/log-bodies",
      operationId: "logBodiesOfApiKey",
      summary: "Log bodies of an API key",
      description: "The bodies of its requests and answers are in the request log, with secrets masked.",
      tag: "API keys",
      dialect: documentedForm,
      guard: owner,
      changes: true,
      params: oneId,
      body: bodyOf(bodyLogging),
      answers: {
        200: {
          description: "Until when they are logged",
          schema: z.object({
            bodies_until: time.nullable().describe("Until when; null: they are not logged"),
          }),
        },
      },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await logBodies(ctx, { id: params.id, hours: body.hours }))),
    }),
  ];
}
