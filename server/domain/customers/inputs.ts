// What administration may send about customers.
import { z } from "zod";
import { id, line, optionalEmail } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newCustomer = z.strictObject({
  name: line(255).describe("The company's or person's name"),
  email: optionalEmail.optional().describe("Where to write to"),
});

export const customerChanges = newCustomer.partial();

export const customerList = listInput(["id", "name"], {
  deleted,
  hasLicenses: z.boolean().optional().describe("Having licenses, or none"),
  productId: id.optional().describe("Having a license of this product"),
});
