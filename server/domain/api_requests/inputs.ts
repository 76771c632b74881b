// Input of the log of API requests: its filters.
import { z } from "zod";
import { id, instant, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const apiRequestList = listInput(["startedAt", "id"], {
  since: instant.optional().describe("Start of the period"),
  until: instant.optional().describe("End of the period, exclusive"),
  outcome: z.enum(["succeeded", "rejected"]).optional().describe(
    "Succeeded, or answered with an error or with a license that may not be used",
  ),
  statusClass: z.enum(["2xx", "3xx", "4xx", "5xx"]).optional().describe("Class of the status"),
  code: z.string().max(64).optional().describe("Code of the error or of the validation result"),
  method: z.enum(["GET", "POST", "PATCH", "DELETE"]).optional().describe("HTTP method"),
  route: z.string().max(200).optional().describe("Path as in the API description, with {parameters}"),
  apiKeyId: id.optional().describe("Requests with this API key only"),
  productId: id.optional().describe("Requests about licenses of this product only"),
  customerId: id.optional().describe("Requests about this customer only"),
  userId: id.optional().describe("Requests of or about this user only"),
  licenseId: id.optional().describe("Requests about this license only"),
  activationId: id.optional().describe("Requests of this device only"),
  ip: line(64).optional().describe("Requests from the network of this IP address only"),
  requestId: line(64).optional().describe("Request id"),
});
