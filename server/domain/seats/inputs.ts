// Input of the list of seats, and of the queue of a license.
import { z } from "zod";
import { id } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const licenseQueue = z.strictObject({ licenseId: id.describe("The license's id") });

export const seatList = listInput(["id"], {
  licenseId: id.optional().describe("Sessions of this license only"),
  customerId: id.optional().describe("Of this customer only"),
  productId: id.optional().describe("Sessions of this product only"),
});
