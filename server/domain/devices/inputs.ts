// Input of devices: registering one, and filters of the list.
import { z } from "zod";
import { metadata, metadataFilter } from "../metadata.ts";
import { day, displayLine, id, line } from "../input_fields.ts";
import { listInput, timeRange } from "../list_inputs.ts";

export const newDevice = z.strictObject({
  hardwareHash: line(255).describe("The device's fingerprint, as computed by the app"),
  machineName: displayLine(255).describe("The device's display name"),
  appVersion: displayLine(64).describe("Version of the app"),
  metadata: metadata.optional(),
});

/** What administrators change of a device. */
export const deviceChanges = z.strictObject({ metadata }).partial();

const componentList = z.array(
  z.string().max(320).regex(
    /^[a-z0-9_.-]{1,64}:./,
    "must be a name, a colon and a value, such as board:4d5e6f",
  ),
).max(16);

/** Components by name, of texts such as "board:4d5e6f". */
export function componentsOf(
  texts: z.infer<typeof componentList> | undefined,
): Record<string, string> | null {
  if (texts === undefined) return null;
  return Object.fromEntries(texts.map((text) => {
    const colon = text.indexOf(":");
    return [text.slice(0, colon), text.slice(colon + 1)];
  }));
}

/** What is explained of a license. */
export const explanationQuery = z.strictObject({
  hardwareHash: z.string().min(1).max(255).optional().describe(
    "The device's fingerprint, as computed by the app; without it a new device",
  ),
  on: day.optional().describe("The day in UTC to explain; by default today"),
  appVersion: line(64).optional().describe(
    "Version of the app, for licenses on which it decides; by default the one that the device reported last",
  ),
  components: componentList.optional().describe(
    "Components of the device, each a name, a colon and the value that the app sends, separated by commas. A device with " +
      "another fingerprint is recognised by them",
  ),
});

export const keyExplanationQuery = explanationQuery.extend({
  licenseKey: z.string().trim().min(1).max(255).describe("The license key"),
});

export const deviceList = listInput(["id"], {
  licenseId: id.optional().describe("Devices of this license only"),
  customerId: id.optional().describe("Of this customer only"),
  userId: id.optional().describe("Devices on the licenses of this user only"),
  productId: id.optional().describe("Devices with this product only"),
  appVersion: line(64).optional().describe("Devices with this app version only"),
  isActive: z.boolean().optional().describe("True lists active devices only, false deactivated ones"),
  metadata: metadataFilter,
  ...timeRange("activated", "Activated"),
});
