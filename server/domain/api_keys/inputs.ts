// Input of API keys: what may be sent to create and list them.
import { z } from "zod";
import { id, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const newApiKey = z.strictObject({
  name: line(255).describe("What the key is for"),
  productId: id.nullable().optional().describe("The product it is bound to; null for all"),
});

export const apiKeyList = listInput(["id"], {
  revoked: z.boolean().optional().describe("True lists revoked keys instead"),
});
