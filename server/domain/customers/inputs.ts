// Input of customers: creating, updating and listing them.
import { z } from "zod";
import { id, line, notes, optionalEmail, tags } from "../input_fields.ts";
import { deleted, listInput, tag, timeRange } from "../list_inputs.ts";

export const newCustomer = z.strictObject({
  name: line(255).describe("Name of the company or person"),
  email: optionalEmail.optional().describe("Email address"),
  notes: notes.optional(),
  tags: tags.optional(),
});

export const customerChanges = newCustomer.partial();

export const customerList = listInput(["id", "name"], {
  deleted,
  hasLicenses: z.boolean().optional().describe("True: customers with licenses only; false: without"),
  productId: id.optional().describe("Customers with a license of this product only"),
  tag,
  ...timeRange("created", "Created"),
});
