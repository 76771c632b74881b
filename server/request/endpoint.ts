// What an endpoint is: a declaration, from which it is mounted, checked, limited, tested and described, and a handler
// of a few lines that calls one verb.
import type { z } from "zod";
import type { Context, LookupContext } from "../domain/context.ts";
import type { Actor, Role } from "../domain/actor.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import type { ApiError } from "./request_error.ts";
import type { Limit } from "./rate_limiter.ts";

/** An answer before it becomes bytes. */
export interface Answer {
  status: number;
  /** Becomes JSON, unless it is text or bytes already. */
  body: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });

/** A request's parts once they have been checked. */
export interface Call<Params, Query, Body> {
  ctx: Context;
  params: Params;
  query: Query;
  body: Body;
  /** The caller's address, as far as it can be trusted. */
  ip: string;
  request: Request;
}

/** Who may call, and how often. */
export interface Guard {
  /** A security scheme of the API description; null for anyone. */
  scheme: "apiKey" | "session" | "administrator" | "analytics" | null;
  /** What an administrator has to be at least. */
  role?: Role;
  errors: ApiErrorCode[];
  /** Limits on the caller's address, taken before anything else is looked at. */
  limits: Limit[];
  /** Limits on who calls, taken once that is known. */
  callerLimits?: Limit[];
  /** Who calls. Throws a refusal when nobody may. */
  identify(
    request: Request,
    ctx: LookupContext,
    body: unknown,
  ): Actor | Promise<Actor>;
  /** Whether the credential may be in the body, which is then read before anyone is identified. */
  readsBody?: boolean;
}

/** The form of a dialect's errors and request bodies. */
export interface Dialect {
  errorResponse(error: ApiError): Answer;
  /** The shape of every error, for the API description. */
  errorSchema: z.ZodType;
  /** How a body is read; as JSON unless said otherwise. */
  parse?(text: string, request: Request): unknown;
  /** The media types a body may have; JSON unless said otherwise. */
  bodyTypes?: string[];
}

export interface Endpoint<Params = unknown, Query = unknown, Body = unknown> {
  method: "get" | "post" | "patch" | "delete";
  /** "/api/license/info/{license_key}" */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  dialect: Dialect;
  guard: Guard;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** Further limits, on what the request is about. */
  limits?(call: Call<Params, Query, Body>): [limit: Limit, subject: string][] | Promise<[Limit, string][]>;
  /** Told when one of those limits refuses a call. */
  limited?(call: Call<Params, Query, Body>, subject: string): void;
  /** The good answers: a sentence, and the shape where it is JSON. */
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>;
  /** Its own error codes, beside those of guard and input. */
  errors?: ApiErrorCode[];
  /** Whether it is answered without the database. */
  standsAlone?: boolean;
  /** Whether it changes something, and so takes an `Idempotency-Key`. */
  changes?: boolean;
  /** Whose Idempotency-Key it is where no credential says so. */
  caller?(body: Body): string;
  handle(call: Call<Params, Query, Body>): Answer | Promise<Answer>;
}

/** Declares an endpoint; only there to let the handler's types follow from the schemas. */
export function endpoint<Params, Query, Body>(declaration: Endpoint<Params, Query, Body>): Endpoint {
  return declaration as unknown as Endpoint;
}
