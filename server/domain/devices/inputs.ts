// Input of devices: registering one, and filters of the list.
import { z } from "zod";
import { id, line, optionalLine } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const newDevice = z.strictObject({
  hardwareHash: line(255).describe("The machine's fingerprint, as the app computes it"),
  machineName: optionalLine(255).optional().describe("The machine's name, as its owner knows it"),
  appVersion: optionalLine(64).optional().describe("The app's own version"),
});

export const deviceList = listInput(["id"], {
  licenseId: id.optional().describe("On this license"),
  customerId: id.optional().describe("Of this customer"),
  userId: id.optional().describe("On the licenses of this user account"),
  productId: id.optional().describe("Running this product"),
  appVersion: line(64).optional().describe("Running exactly this version of the app"),
  isActive: z.boolean().optional().describe("Active, or deactivated"),
});
