// How the License API says no: {"error": {"code", "message", "details"?}}.
import { z } from "zod";
import { type Details, Refusal, refusalCodes } from "../../domain/refusals.ts";
import type { Dialect, Problem } from "../endpoint.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.enum(refusalCodes).describe("Stable; programs go by this"),
    message: z.string().describe("What happened and what to do next, for people"),
    details: z.record(z.string(), z.unknown()).optional().describe(
      "Facts that go with the code: the field it is about, the reason, limits and counts",
    ),
  }).describe("What was refused, and why"),
}).meta({
  id: "Error",
  examples: [{
    error: {
      code: "INVALID_LICENSE",
      message: "The provided license key is invalid",
      details: { field: "license_key", reason: "format_invalid" },
    },
  }],
});

export const licenseApi: Dialect = {
  errorSchema,
  refusal: ({ code, message, details, status }) => ({
    status,
    body: { error: { code, message, ...(details ? { details } : {}) } },
  }),
  invalid(problems: Problem[]): Refusal {
    const [{ field, reason }] = problems;
    const details: Details = { field, reason };
    if (problems.length > 1) details.fields = problems.map((problem) => problem.field);
    return new Refusal("INVALID_REQUEST", details, {
      message: problems.map((problem) => problem.message).join(" "),
    });
  },
};
