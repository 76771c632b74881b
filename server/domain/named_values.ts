// Input of values by names of the caller's own, such as metadata and entitlements.
import { z } from "zod";

/**
 * An object of values by names. Zod leaves out the name "__proto__", so that its value would be lost without a word: it is
 * refused instead.
 */
export function namedValues<Value extends z.ZodType>(
  name: z.ZodString,
  value: Value,
): z.ZodType<Record<string, z.output<Value>>, Record<string, z.input<Value>>> {
  const refuseReserved = (given: unknown, ctx: z.RefinementCtx) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
      ctx.addIssue({
        code: "custom",
        message: 'has the name "__proto__", which is reserved; use another',
        input: given,
      });
    }
    return given;
  };
  return z.preprocess(refuseReserved, z.record(name, value)) as z.ZodType<
    Record<string, z.output<Value>>,
    Record<string, z.input<Value>>
  >;
}
