// What every procedure has in common: who asks, how often they may, which role they need, and how a refusal is told:
// under the same codes as over REST. A procedure's rule is its builder, so that none can be without one.
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { isUnavailable } from "../../db/connect.ts";
import { requireRole } from "../domain/context.ts";
import type { Role } from "../domain/actor.ts";
import { DomainError } from "../domain/errors.ts";
import type { ProcedureRequest } from "./visit.ts";

/** Who may call a procedure: an administrator of a role, any for what is their own, or anyone about to be one. */
export type Rule = Role | "account" | "anyone";

const words: Record<number, TRPCError["code"]> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

const t = initTRPC.context<ProcedureRequest>().meta<{ rule: Rule }>().create({
  isDev: false,
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
  errorFormatter({ shape, error }) {
    const { code, message, facts, status } = refusalOf(error);
    return {
      ...shape,
      message,
      data: { path: shape.data.path, code, details: facts ?? {}, httpStatus: status },
    };
  },
});

/** What is told of an error: what was refused, or that it is ours to mend. */
export function refusalOf(error: TRPCError): DomainError {
  const { cause } = error;
  if (cause instanceof DomainError) return cause;
  if (cause instanceof z.ZodError) return refusalOfInput(cause);
  if (cause && isUnavailable(cause)) return new DomainError("UNAVAILABLE");
  if (error.code === "NOT_FOUND") return new DomainError("NOT_FOUND");
  if (error.code === "METHOD_NOT_SUPPORTED") return new DomainError("METHOD_NOT_ALLOWED");
  const isAsked = error.code === "BAD_REQUEST" || error.code === "PARSE_ERROR" ||
    error.code === "UNSUPPORTED_MEDIA_TYPE";
  return new DomainError(isAsked ? "INVALID_REQUEST" : "INTERNAL");
}

function refusalOfInput(error: z.ZodError): DomainError {
  const problems = error.issues.map((issue) => ({
    field: issue.code === "unrecognized_keys" ? issue.keys[0] : issue.path.join(".") || "input",
    message: issue.message,
  }));
  return new DomainError("INVALID_REQUEST", {
    field: problems[0].field,
    reason: error.issues[0].code,
    fields: problems.map(({ field }) => field),
  }, { message: problems.map(({ field, message }) => `${field}: ${message}.`).join(" ") });
}

/** Lets a refusal go out under its own status. */
const told = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok || !(result.error.cause instanceof DomainError)) return result;
  const { cause } = result.error;
  throw new TRPCError({ code: words[cause.status] ?? "BAD_REQUEST", message: cause.message, cause });
});

function procedure(rule: Rule) {
  return t.procedure.meta({ rule }).use(told).use(async ({ ctx: visit, next }) => {
    if (rule === "anyone") {
      await visit.takeSignIn();
      return next({ ctx: { ...visit, ctx: await visit.open({ kind: "anonymous" }) } });
    }
    const ctx = await visit.open(await visit.identify());
    if (rule !== "account") requireRole(ctx, rule);
    return next({ ctx: { ...visit, ctx } });
  });
}

export const router = t.router;
/** Anyone: signing in. Counted against the limit on sign-ins. */
export const anyone = procedure("anyone");
/** Any administrator, about their own account. */
export const account = procedure("account");
export const viewer = procedure("viewer");
export const manager = procedure("manager");
export const owner = procedure("owner");

/** A single id as input. */
export const oneId = z.strictObject({ id: z.int().min(1).max(Number.MAX_SAFE_INTEGER) });
