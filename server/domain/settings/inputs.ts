// Input of a settings change: name and value.
import { z } from "zod";

export const settingChange = z.strictObject({
  name: z.string().max(100).describe("Which setting"),
  value: z.unknown().describe("Its new value"),
});
