// How the Upload Bridge API says no, {"error": "text", "messages"?: {"field": ["text"]}}, and how it reads a body: what
// is no JSON object counts as an empty one, and a form is as good.
import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import type { Answer, Dialect, Problem } from "../../request/endpoint.ts";
import { readFormOrObject } from "../../request/forms.ts";

const VALIDATION_FAILED = "Validation failed";

const errorSchema = z.object({
  error: z.string().describe("What happened"),
  message: z.string().optional().describe("What exactly, where `error` is general"),
  messages: z.record(z.string(), z.array(z.string())).optional().describe("What is wrong, field by field"),
  max_devices: z.int().optional().describe("With the device limit: how many the license allows"),
  current_devices: z.int().optional().describe("With the device limit: how many are registered"),
}).meta({
  id: "UploadBridgeError",
  examples: [{
    error: VALIDATION_FAILED,
    messages: { email: ["The email field must be a valid email address."] },
  }],
});

export const uploadBridge: Dialect = {
  errorSchema,
  bodyTypes: ["application/json", "application/x-www-form-urlencoded"],
  refusal: (refusal) => ({ status: statusOf(refusal), body: wireRefusal(refusal) }),
  invalid(problems) {
    const messages: Record<string, string[]> = {};
    for (const problem of problems) (messages[problem.field] ??= []).push(sentence(problem));
    return new DomainError("INVALID_REQUEST", messages, { message: VALIDATION_FAILED });
  },
  parse: readFormOrObject,
};

function statusOf({ code, status }: DomainError): number {
  // A key is never part of a call here, so that a license that is gone is as if there was none.
  return code === "INVALID_LICENSE" ? 404 : status;
}

function wireRefusal({ code, message, facts = {} }: DomainError): Answer["body"] {
  switch (code) {
    case "INVALID_REQUEST":
      return {
        error: VALIDATION_FAILED,
        messages: message === VALIDATION_FAILED ? facts : { [String(facts.field ?? "body")]: [message] },
      };
    case "SESSION_TOKEN_REQUIRED":
    case "SESSION_TOKEN_INVALID":
      return { error: "Unauthorized", message };
    case "ACTIVATION_LIMIT_REACHED":
      return {
        error: "Device limit reached",
        max_devices: facts.max_activations,
        current_devices: facts.current_activations,
      };
    case "INVALID_LICENSE":
      return { error: "No active entitlement found" };
    case "NOT_FOUND":
      return { error: "Not found" };
    case "METHOD_NOT_ALLOWED":
      return { error: "Method not allowed" };
    case "RATE_LIMITED":
      return { error: "Too many requests", message };
    case "INTERNAL":
      return { error: "Server error", message: `${message} (${facts.request_id})` };
    default:
      return { error: message };
  }
}

/** "email must be …" as this dialect says it: "The email field must be …" */
function sentence({ field, message }: Problem): string {
  const rest = message.startsWith(field) ? message.slice(field.length).replace(/^:? /, "") : message;
  return `The ${field.replaceAll("_", " ")} field ${rest}`;
}
