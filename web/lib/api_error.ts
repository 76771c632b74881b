// Errors of API calls, in one form: a code, a message and details.
import { TRPCClientError } from "@trpc/client";
import { formatCount } from "./format.ts";

export interface ApiError {
  code: string;
  message: string;
  details: Record<string, unknown>;
}

/** Thrown by calls that do not use tRPC. */
export class ApiCallError extends Error {
  constructor(readonly refused: ApiError) {
    super(refused.message);
  }
}

export const unreachableError: ApiError = {
  code: "UNREACHABLE",
  message: "Can't reach the server. Check your connection and try again.",
  details: {},
};

/** Converts any caught error. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof TRPCClientError) {
    const data = error.data as { code?: string; details?: Record<string, unknown> } | null | undefined;
    if (data?.code) {
      const { code, details = {} } = data;
      return { code, message: waiting(code, details) ?? error.message, details };
    }
    return unreachableError;
  }
  if (error instanceof ApiCallError) return error.refused;
  return {
    code: "UNEXPECTED",
    message: error instanceof Error ? error.message : "Something went wrong. Reload the page.",
    details: {},
  };
}

/** The API's message names a header. Administrators read how long to wait instead. */
function waiting(code: string, { retryAfter: seconds }: Record<string, unknown>): string | null {
  if (code !== "RATE_LIMITED" || typeof seconds !== "number") return null;
  return `Too many attempts. Nothing was changed. Try again in ${formatCount(seconds, "second")}.`;
}
