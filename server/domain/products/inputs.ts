// Input of products: creating, editing and listing them.
import { z } from "zod";
import { code, line } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newProduct = z.strictObject({
  code: code.describe("What programs call it"),
  name: line(255).describe("What people call it"),
});

export const productChanges = newProduct.partial();

export const productList = listInput(["id", "name"], { deleted });
