// Input of the list of seats.
import { id } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const seatList = listInput(["id"], {
  licenseId: id.optional().describe("On this license"),
  customerId: id.optional().describe("Of this customer"),
  productId: id.optional().describe("Running this product"),
});
