// Input of signing keys: whose key it is.
import { z } from "zod";
import { id } from "../input_fields.ts";

export const productKey = z.strictObject({
  productId: id.describe("The product's id"),
});

export const anyKey = z.strictObject({
  productId: id.nullish().transform((productId) => productId ?? null).describe(
    "The product's id; null: the default key",
  ),
});
