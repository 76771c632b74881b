// Input of products: creating, updating and listing them.
import { z } from "zod";
import { code, line } from "../input_fields.ts";
import { metadata } from "../metadata.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newProduct = z.strictObject({
  code: code.describe("Code, the identifier used in the API"),
  name: line(255).describe("Display name"),
  metadata: metadata.optional(),
});

export const productChanges = newProduct.partial();

export const productList = listInput(["id", "name"], { deleted });
