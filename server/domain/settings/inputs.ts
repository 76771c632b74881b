// Input of a settings change: name and value.
import { z } from "zod";

export const settingChange = z.strictObject({
  name: z.string().max(100).describe("Name of the setting"),
  value: z.unknown().describe("The new value"),
});
