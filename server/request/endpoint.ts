// What an endpoint is: a declaration, from which it is mounted, checked, limited, tested and described, and a handler
// of a few lines that calls one verb.
import type { z } from "zod";
import type { Context } from "../domain/context.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import type { Guard } from "./guards.ts";
import type { Limit } from "./rate_limiter.ts";
import type { ApiError } from "./request_error.ts";
import type { RequestContext } from "./request_context.ts";

/** An answer before it is serialised. */
export interface Answer {
  status: number;
  /** Becomes JSON, unless it is text or bytes already. */
  body: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });

/** A request whose parts have been checked. */
export interface Call<Params, Query, Body> {
  ctx: Context;
  params: Params;
  query: Query;
  body: Body;
  request: RequestContext;
}

/** The form of a dialect's errors and request bodies. */
export interface Dialect {
  errorResponse(error: ApiError): Answer;
  /** The schema of every error, for the API description. */
  errorSchema: z.ZodType;
  /** How a body is read; as JSON by default. */
  parse?(text: string, request: Request): unknown;
  /** The media types a body may have; JSON by default. */
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
  /** Further limits, on the subject of the call. */
  limits?(call: Call<Params, Query, Body>): [limit: Limit, subject: string][] | Promise<[Limit, string][]>;
  /** Called when one of those limits refuses a call. */
  limited?(call: Call<Params, Query, Body>, subject: string): void;
  /** The successful answers: a sentence, and the schema where it is JSON. */
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>;
  /** Error codes of the verb, besides those of guard and input. */
  errors?: ApiErrorCode[];
  /** Whether it is answered without the database. */
  standsAlone?: boolean;
  /** Whether it changes something, and so takes an `Idempotency-Key`. */
  changes?: boolean;
  /** Whose `Idempotency-Key` it is where no credential says so. */
  caller?(body: Body): string;
  handle(call: Call<Params, Query, Body>): Answer | Promise<Answer>;
}

/** Declares an endpoint; only here so that the handler's types follow from the schemas. */
export function endpoint<Params, Query, Body>(declaration: Endpoint<Params, Query, Body>): Endpoint {
  return declaration as Endpoint;
}

export type { Guard };
