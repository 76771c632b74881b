// Statuses and sentences of the Upload Bridge API, where they are not those of the documented form.
import { isDomainError } from "../../domain/errors.ts";
import type { ApiErrorCode } from "../../request/error_messages.ts";
import { describeApiError } from "../../request/error_form.ts";
import { snakeCase } from "../../request/names.ts";
import { type ApiError, isRequestError, type Problem } from "../../request/request_error.ts";

const meanings: Partial<Record<ApiErrorCode, [status: number, message: string]>> = {
  // Calls carry no license key, so a deleted license counts as none.
  INVALID_LICENSE: [404, "No active entitlement found"],
  NO_ENTITLEMENT: [404, "No active entitlement found"],
  ACTIVATION_LIMIT_REACHED: [403, "Device limit reached"],
  CREDENTIALS_INVALID: [401, "Invalid email or password"],
  DEVICE_NOT_FOUND: [404, "Device not found"],
  MAGIC_LINK_INVALID: [401, "Invalid or expired magic link token"],
  METHOD_NOT_ALLOWED: [405, "Method not allowed"],
  NOT_FOUND: [404, "Not found"],
  SESSION_EXPIRED: [401, "Invalid or expired token"],
  SESSION_TOKEN_INVALID: [401, "Invalid or expired token"],
  SESSION_TOKEN_REQUIRED: [401, "Session token required"],
};

/** The HTTP status and the sentence of an error. */
export function describeError(error: ApiError): { status: number; message: string } {
  const known = meanings[error.code];
  if (known) return { status: known[0], message: known[1] };
  const { status, message } = describeApiError(error);
  return {
    status,
    message: isRequestError(error, "INTERNAL") ? `${message} (${error.facts.requestId})` : message,
  };
}

/** What is wrong with the input, field by field; null for an error of another kind. */
export function messagesOf(error: ApiError): Record<string, string[]> | null {
  if (isRequestError(error, "INVALID_REQUEST")) {
    const messages: Record<string, string[]> = {};
    for (const problem of error.facts.problems) (messages[problem.field] ??= []).push(sentence(problem));
    return messages;
  }
  if (!isDomainError(error, "INVALID_REQUEST")) return null;
  const field = snakeCase(error.facts.field ?? "body");
  return { [field]: [sentence({ field, message: describeApiError(error).message })] };
}

/** "email must be …" in this dialect's words: "The email field must be …" */
function sentence({ field, message }: Pick<Problem, "field" | "message">): string {
  if (message.startsWith("The ")) return message;
  const rest = message.startsWith(field) ? message.slice(field.length).replace(/^:? /, "") : message;
  return `The ${field.replaceAll("_", " ")} field ${rest}`;
}
