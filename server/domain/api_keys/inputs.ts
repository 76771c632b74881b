// Input of API keys: creating and listing them.
import { z } from "zod";
import { id, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const newApiKey = z.strictObject({
  name: line(255).describe("Name of the key"),
  productId: id.nullable().optional().describe("The product it is restricted to; null: all products"),
});

export const bodyLogging = z.strictObject({
  hours: z.int().min(0).max(24).describe(
    "For how many hours the bodies are logged, at most 24; 0 ends it now",
  ),
});

export const apiKeyList = listInput(["id"], {
  revoked: z.boolean().optional().describe("True lists revoked keys only"),
});
