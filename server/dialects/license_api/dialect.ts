// How the License API says no: {"error": {"code", "message", "details"?}}.
import { z } from "zod";
import { DomainError, errorCodes, type ErrorFacts } from "../../domain/errors.ts";
import type { Dialect, Problem } from "../../request/endpoint.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes).describe("Stable; programs go by this"),
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
  refusal: ({ code, message, facts, status }) => ({
    status,
    body: { error: { code, message, ...(facts ? { details: facts } : {}) } },
  }),
  invalid(problems: Problem[]): DomainError {
    const [{ field, reason }] = problems;
    const details: ErrorFacts = { field, reason };
    if (problems.length > 1) details.fields = problems.map((problem) => problem.field);
    return new DomainError("INVALID_REQUEST", details, {
      message: problems.map((problem) => problem.message).join(" "),
    });
  },
};
