// Input of applying the terms of a plan to its licenses.
import { z } from "zod";
import { optionalTerms, termNames } from "../policy/inputs.ts";

export const changedTerms = z.strictObject(optionalTerms);

const chosenTerms = {
  terms: z.array(z.enum(termNames)).min(1).max(termNames.length).optional().describe(
    "Terms to apply; by default all",
  ),
  overwrite: z.boolean().default(false).describe(
    "Whether licenses that override the plan get its value too; by default they keep their own",
  ),
};

/** Which terms of a plan are applied to its licenses. */
export const planTerms = z.strictObject(chosenTerms);

/** Which terms would be applied, and with which values where they are not yet those of the plan. */
export const planTermsPreview = z.strictObject({
  changes: changedTerms.optional().describe(
    "Values that the plan does not have yet; by default its current ones",
  ),
  ...chosenTerms,
});

/** What a job applies: the values at the time of the request, and what the plan had before. */
export const planTermsJob = z.strictObject({
  planId: z.int(),
  values: changedTerms,
  earlier: z.partialRecord(z.enum(termNames), z.array(z.unknown())),
  overwrite: z.boolean(),
  dryRun: z.boolean(),
});

export type PlanTermsJob = z.infer<typeof planTermsJob>;
