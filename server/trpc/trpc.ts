// What every procedure has in common: authentication, limits, the role it requires, and errors under the same codes as
// over REST. A procedure is built by its rule, so that none is without one.
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { isInvalidValue } from "../../db/connect.ts";
import { inSpan } from "../../db/tracing.ts";
import type { Context } from "../domain/context.ts";
import { requireRole } from "../domain/authorization.ts";
import type { Role } from "../domain/actor.ts";
import { DomainError } from "../domain/errors.ts";
import { identifyAdministrator, identifyIncompleteAdministrator } from "../request/authentication.ts";
import { refuseUnstorable } from "../request/body.ts";
import { countCredentialFailure } from "../request/credential_failures.ts";
import { requireSameSite } from "../request/csrf.ts";
import { invalidValue } from "../request/error_answers.ts";
import { describeApiError, factsOf } from "../request/error_form.ts";
import { limitSubject, type RequestContext } from "../request/request_context.ts";
import { type ApiError, RequestError } from "../request/request_error.ts";
import { unavailabilityOf } from "../request/unavailable.ts";
import type { Site } from "../request/services.ts";
import type { LiveStream } from "./live_body.ts";

/**
 * Who may call a procedure: an administrator of a role, any for what is their own, one whose session may lack the second
 * factor that is required, or anyone about to be one.
 */
export type Rule = Role | "account" | "incomplete" | "anyone";

const words: Record<number, TRPCError["code"]> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  409: "CONFLICT",
  412: "PRECONDITION_FAILED",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

/** What a procedure gets besides the context of its verb. */
interface ProcedureContext {
  request: RequestContext;
  site: Site;
  /** Of a subscription. */
  live: LiveStream | null;
}

const t = initTRPC.context<ProcedureContext>().meta<{ rule: Rule }>().create({
  isDev: false,
  errorFormatter({ shape, error }) {
    const apiError = apiErrorOf(error);
    const { status, message } = describeApiError(apiError);
    return {
      ...shape,
      message,
      data: { path: shape.data.path, code: apiError.code, details: factsOf(apiError), httpStatus: status },
    };
  },
});

/** The error a procedure ended with: a documented one, or `INTERNAL` for a bug. */
export function apiErrorOf(error: TRPCError): ApiError {
  const { cause } = error;
  if (cause instanceof DomainError || cause instanceof RequestError) return cause;
  if (cause instanceof z.ZodError) return invalidInput(cause);
  const unavailable = unavailabilityOf(cause);
  if (unavailable) return unavailable;
  if (cause && isInvalidValue(cause)) return invalidValue();
  switch (error.code) {
    case "NOT_FOUND":
      return new RequestError("NOT_FOUND");
    case "METHOD_NOT_SUPPORTED":
      return new RequestError("METHOD_NOT_ALLOWED");
    case "BAD_REQUEST":
    case "PARSE_ERROR":
    case "UNSUPPORTED_MEDIA_TYPE":
      return new RequestError("INVALID_REQUEST", {
        problems: [{ field: "input", reason: "unreadable", message: "The input is not valid." }],
      });
    default:
      return new RequestError("INTERNAL");
  }
}

function invalidInput(error: z.ZodError): RequestError {
  return new RequestError("INVALID_REQUEST", {
    problems: error.issues.map((issue) => {
      const field = issue.code === "unrecognized_keys" ? issue.keys[0] : issue.path.join(".") || "input";
      return { field, reason: issue.code, message: `${field}: ${issue.message}.` };
    }),
  });
}

/** Answers documented errors with their own status, and counts wrong credentials. */
const statuses = t.middleware(async ({ ctx: { request }, path, next }) => {
  const attributes = { "rpc.system": "trpc", "rpc.method": path };
  const result = await inSpan(`procedure ${path}`, { attributes }, async (span) => {
    const result = await next();
    if (!result.ok) span?.fail(apiErrorOf(result.error).code);
    return result;
  });
  if (result.ok) return result;
  const thrown = result.error.cause;
  const error = unavailabilityOf(thrown) ?? thrown;
  const cause = await countCredentialFailure(request, error);
  if (!(cause instanceof DomainError || cause instanceof RequestError)) return result;
  const { status, message } = describeApiError(cause);
  throw new TRPCError({ code: words[status] ?? "BAD_REQUEST", message, cause });
});

/**
 * @param anyoneLimit the limit on the address of a caller who need not be known
 */
function procedure(rule: Rule, anyoneLimit: "administratorSignIn" | "public" = "administratorSignIn") {
  return t.procedure.meta({ rule }).use(statuses).use(async ({ ctx: { request }, getRawInput, next }) => {
    if (rule === "anyone") {
      requireSameSite(request, false);
      const limit = request.services.limits[anyoneLimit];
      if (limit) await request.consume(limit, request.address);
      refuseUnstorable(await getRawInput());
      return next({ ctx: { ctx: request.open({ kind: "anonymous" }, await request.services.settings()) } });
    }
    const ctx = await openContext(request, { isIncomplete: rule === "incomplete" });
    if (rule !== "account" && rule !== "incomplete") requireRole(ctx, rule);
    refuseUnstorable(await getRawInput());
    return next({ ctx: { ctx } });
  });
}

/**
 * The context of an administrator's call, which counts against their limit. The instant is now, as a subscription lasts
 * longer than its request.
 *
 * @param options.isIncomplete whether the session may lack the second factor that is required
 * @throws DomainError SIGN_IN_REQUIRED, SECOND_FACTOR_MISSING; RequestError CROSS_SITE, RATE_LIMITED
 */
export async function openContext(
  request: RequestContext,
  { isIncomplete = false }: { isIncomplete?: boolean } = {},
): Promise<Context> {
  const now = request.services.clock.now();
  const identify = isIncomplete ? identifyIncompleteAdministrator : identifyAdministrator;
  const actor = request.actor = await identify(request, now);
  const { limits, settings } = request.services;
  if (limits.administrator) await request.consume(limits.administrator, limitSubject(actor));
  return request.open(actor, await settings(), now);
}

export const router = t.router;
/** Anyone: signing in. Counted against the limit on sign-ins. */
export const anyone = procedure("anyone");
/** Anyone: what the sign-in page shows. It checks no credential, and counts against the limit on public calls. */
export const open = procedure("anyone", "public");
/** Any administrator, about their own account. */
export const account = procedure("account");
/** The same, also without the second factor that is required: what adds or uses one, and signing out. */
export const incomplete = procedure("incomplete");
export const viewer = procedure("viewer");
export const manager = procedure("manager");
export const owner = procedure("owner");

/** A single id as input. */
export const oneId = z.strictObject({ id: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** The revision of an object that a change was made to; without it, the change applies to any. */
export const seenRevision = z.strictObject({ revision: z.string().min(1).max(100).optional() });

/** The input of an edit: the object, the fields that differ, and the revision they were edited in. */
export const editOf = <Changes extends z.ZodType>(changes: Changes) =>
  oneId.extend({ ...seenRevision.shape, changes });
