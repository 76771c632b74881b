// The log of API requests.
import { z } from "zod";
import { apiRequestList } from "../domain/api_requests/inputs.ts";
import { getApiRequest, listApiRequests } from "../domain/api_requests/list.ts";
import { explainOutcome, explainOutcomes } from "../request/api_request_outcome.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { integer, nullableText, text, time } from "./schemas.ts";

export const apiRequest = z.object({
  id: integer.describe("The request's number in the log"),
  started_at: time.describe("When it arrived"),
  request_id: text.describe("Request id, as in the X-Request-Id header and in events"),
  method: text.describe("HTTP method"),
  route: text.describe("Path as in the API description"),
  path: text.describe("Path with ids, and the parameters of the query that take no free text"),
  status: z.int().describe("HTTP status"),
  code: nullableText.describe("Code of the error or of the validation result; null when it succeeded"),
  cause: nullableText.describe("What the code means"),
  remedy: nullableText.describe("What to do about it"),
  duration_ms: z.number().describe("Milliseconds until the answer"),
  network: nullableText.describe("Network of the caller's IP address, /24 or /48"),
  user_agent: nullableText.describe("Names and versions of the program that called"),
  actor_kind: text.describe("Kind of caller: api_key, user, administrator or anonymous"),
  actor_id: integer.nullable().describe("Id of the caller"),
  actor_name: nullableText.describe("Name of the API key or administrator, or the user's email address"),
  license_id: integer.nullable().describe("The license's id"),
  license_key: nullableText.describe("The license key, as it was issued"),
  license_text: nullableText.describe("The key that was sent, masked, where no license has it"),
  activation_id: integer.nullable().describe("The device's id"),
  machine_name: nullableText.describe("The device's name"),
  customer_id: integer.nullable().describe("The customer's id"),
  customer_name: nullableText.describe("The customer's name"),
  user_id: integer.nullable().describe("The user's id"),
  user_email: nullableText.describe("The user's email address"),
  product_id: integer.nullable().describe("The product's id"),
  product_name: nullableText.describe("The product's name"),
  request_body: nullableText.describe("What was sent, with secrets masked; null unless it was logged"),
  response_body: nullableText.describe("What was answered, with secrets masked; null unless it was logged"),
  seen: z.int().describe("Requests of that second and server process with the same kind of outcome"),
  kept: z.int().describe("How many of them are in the log; fewer than `seen` under load"),
}).meta({ id: "ApiRequest" });

export function apiRequestEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return resourceEndpoints({
    name: { entity: "ApiRequest", label: "API request" },
    path: "/api/admin/api-requests",
    tag: "API requests",
    reads: viewer,
    writes: manager,
    schema: apiRequest,
    list: {
      input: apiRequestList,
      verb: async (ctx, query) => explainOutcomes(await listApiRequests(ctx, query)),
    },
    columns: {
      Id: (row) => row.id,
      Time: (row) => row.startedAt,
      "Request ID": (row) => row.requestId,
      Method: (row) => row.method,
      Path: (row) => row.path,
      Status: (row) => row.status,
      Code: (row) => row.code,
      Milliseconds: (row) => row.durationMs,
      Caller: (row) => row.actorName ?? row.actorKind,
      License: (row) => row.licenseKey ?? row.licenseText,
      Device: (row) => row.machineName,
      Customer: (row) => row.customerName,
      Network: (row) => row.network,
      "User agent": (row) => row.userAgent,
      Seen: (row) => row.seen,
      Kept: (row) => row.kept,
    },
    get: async (ctx, id) => explainOutcome(await getApiRequest(ctx, id)),
  });
}
