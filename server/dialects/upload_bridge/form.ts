// The error form of the Upload Bridge API, {"error": "text", "messages"?: {"field": ["text"]}}, and how it reads a body:
// what is not a JSON object counts as an empty one, and forms are accepted.
import { z } from "zod";
import { isDomainError } from "../../domain/errors.ts";
import type { Answer, Dialect } from "../../request/endpoint.ts";
import { readFormOrObject } from "../../request/forms.ts";
import { type ApiError, isRequestError } from "../../request/request_error.ts";
import { describeError, messagesOf } from "./error_messages.ts";

const VALIDATION_FAILED = "Validation failed";

const errorSchema = z.object({
  error: z.string().describe("Error message"),
  message: z.string().optional().describe("More specific message"),
  messages: z.record(z.string(), z.array(z.string())).optional().describe("Validation errors by field"),
  max_devices: z.int().optional().describe("Device limit, when it is reached"),
  current_devices: z.int().optional().describe("Active devices, when the device limit is reached"),
}).meta({
  id: "UploadBridgeError",
  examples: [{
    error: VALIDATION_FAILED,
    messages: { email: ["The email field must be a valid email address."] },
  }],
});

export const uploadBridgeForm: Dialect = {
  errorSchema,
  bodyTypes: ["application/json", "application/x-www-form-urlencoded"],
  parse: readFormOrObject,
  errorResponse(error) {
    const { status, message } = describeError(error);
    return { status, body: bodyOf(error, message) };
  },
};

function bodyOf(error: ApiError, message: string): Answer["body"] {
  const messages = messagesOf(error);
  if (messages) {
    const summary = isRequestError(error, "INVALID_REQUEST")
      ? error.facts.problems.find(({ summary }) => summary)?.summary
      : undefined;
    return { error: summary ? `${VALIDATION_FAILED}: ${summary}` : VALIDATION_FAILED, messages };
  }
  if (isDomainError(error, "ACTIVATION_LIMIT_REACHED")) {
    const { maxActivations, currentActivations } = error.facts;
    return { error: message, max_devices: maxActivations, current_devices: currentActivations };
  }
  switch (error.code) {
    case "SESSION_TOKEN_REQUIRED":
    case "SESSION_TOKEN_INVALID":
      return { error: "Unauthorized", message };
    case "RATE_LIMITED":
      return { error: "Too many requests", message };
    case "INTERNAL":
      return { error: "Server error", message };
    default:
      return { error: message };
  }
}
