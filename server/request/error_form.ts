// The documented error form, {"error": {"code", "message", "details"?}}, of the License API, administration and the
// calls about the server.
import { z } from "zod";
import { isDomainError } from "../domain/errors.ts";
import type { Answer, Dialect } from "./endpoint.ts";
import { errorCodes, type Meaning, meanings } from "./error_messages.ts";
import { snakeCase } from "./names.ts";
import { type ApiError, isRequestError, RequestError } from "./request_error.ts";
import { wireTime } from "./wire_time.ts";

const errorSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes).describe("Stable code for programs"),
    message: z.string().describe("Readable message with the next step"),
    details: z.record(z.string(), z.unknown()).optional().describe(
      "Facts of the code: the field it is about, the reason, limits and counts",
    ),
  }).describe("Error"),
  signature: z.string().optional().describe(
    "Present when a call with a nonce names no license: a JWS of the refusal, as that of a validation",
  ),
}).meta({
  id: "ErrorResponse",
  examples: [{
    error: {
      code: "INVALID_LICENSE",
      message: "The provided license key is invalid",
      details: { field: "license_key", reason: "format_invalid" },
    },
  }],
});

/** The dialect of everything that answers errors in the documented form. */
export const documentedForm: Dialect = { errorSchema, errorResponse };

/** The HTTP status and the English sentence of an error. */
export function describeApiError({ code, facts }: ApiError): { status: number; message: string } {
  // The table's entry of a code takes the facts of that code, a relation that is lost for a union of codes.
  const { status, statusOf, message, messageOf } = meanings[code] as Meaning<object>;
  return { status: statusOf?.(facts) ?? status, message: messageOf?.(facts) ?? message };
}

/** The facts of an error that its caller gets. */
export function factsOf(error: ApiError): Record<string, unknown> {
  if (isRequestError(error, "INVALID_REQUEST")) {
    const { problems } = error.facts;
    const [{ field, reason }] = problems;
    return { field, reason, ...(problems.length > 1 ? { fields: problems.map(({ field }) => field) } : {}) };
  }
  return Object.fromEntries(
    Object.entries(error.facts).filter(([name, value]) => value !== undefined && name !== "signature"),
  );
}

/** The facts of an error under their names on the wire. */
function detailsOf(error: ApiError): Record<string, unknown> {
  const facts = factsOf(error);
  // A problem names its field as the request does.
  if (error instanceof RequestError) {
    return Object.fromEntries(Object.entries(facts).map(([name, value]) => [snakeCase(name), value]));
  }
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      snakeCase(name),
      name === "field" || name === "other"
        ? snakeCase(String(value))
        : name === "current"
        ? underWireNames(value)
        : value instanceof Date
        ? wireTime(value)
        : value,
    ]),
  );
}

/** The values of an object, which hold no further names of the domain. */
function underWireNames(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [snakeCase(name), value]));
}

function errorResponse(error: ApiError): Answer {
  const { status, message } = describeApiError(error);
  const details = detailsOf(error);
  const isEmpty = Object.keys(details).length === 0;
  const signature = isDomainError(error, "INVALID_LICENSE") ? error.facts.signature : undefined;
  return {
    status,
    body: {
      error: { code: error.code, message, ...(isEmpty ? {} : { details }) },
      ...(signature === undefined ? {} : { signature }),
    },
  };
}
