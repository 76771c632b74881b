// Input of machines: their components.
import { z } from "zod";
import { code, line } from "../input_fields.ts";

const MAX_COMPONENTS = 16;

/** Named, hashed parts of a machine. */
export const components = z.record(code, line(255))
  .refine((all) => Object.keys(all).length <= MAX_COMPONENTS, `has more than ${MAX_COMPONENTS} components`)
  .nullish()
  .describe(
    "Hashed parts of the device by name, such as board, disk and mac. Where the license says so, a device whose fingerprint " +
      "changed is recognised by them. Placeholder values are ignored",
  );
