// What an endpoint is: a declaration, from which it is mounted, checked, limited, tested and described, and a handler
// of a few lines that calls one verb.
import type { z } from "zod";
import type { Context } from "../domain/context.ts";
import type { Settings } from "../domain/settings/schema.ts";
import type { MaybePromise } from "../domain/when_known.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import type { Guard } from "./guards.ts";
import type { Limit } from "./rate_limiter.ts";
import type { ApiError } from "./request_error.ts";
import type { RequestContext } from "./request_context.ts";

/** An answer before it is serialised. */
export interface Answer<Status extends number = number, Body = unknown> {
  status: Status;
  /** Becomes JSON, unless it is text or bytes already. */
  body: Body;
  headers?: Record<string, string>;
}

export const ok = <Body>(body: Body): Answer<200, Body> => ({ status: 200, body });
export const created = <Body>(body: Body): Answer<201, Body> => ({ status: 201, body });
export const accepted = <Body>(body: Body): Answer<202, Body> => ({ status: 202, body });

/** A successful answer: a sentence, and the schema of its body where that is JSON, else its media type. */
export interface AnswerDeclaration {
  description: string;
  schema?: z.ZodType;
  type?: string;
  /** An example of an answer that is no JSON; a schema has one of its own. */
  example?: string;
}

type Answers = Record<number, AnswerDeclaration>;

/** What a handler may return: a declared status with a body of its schema. */
export type DeclaredAnswer<Declared extends Answers> = {
  [Status in keyof Declared & number]: Answer<
    Status,
    Declared[Status] extends { schema: infer Schema extends z.ZodType } ? z.output<Schema>
      : string | Uint8Array | ReadableStream<Uint8Array> | null
  >;
}[keyof Declared & number];

/** A request whose parts have been checked. */
export interface Call<Params, Query, Body> {
  ctx: Context;
  params: Params;
  query: Query;
  body: Body;
  /** Of a change of what has a revision: those that `If-Match` names, of which one has to be the current one. */
  revision?: readonly string[];
  request: RequestContext;
}

/** The form of a dialect's errors and request bodies. */
export interface Dialect {
  errorResponse(error: ApiError): Answer;
  /** The schema of every error, for the API description. */
  errorSchema: z.ZodType;
  /** Completes an answer, also that of an error, with what the settings say. */
  complete?(answer: Answer, settings: Settings): Answer;
  /** How a body is read; as JSON by default. */
  parse?(text: string, request: Request): unknown;
  /** The media types a body may have; JSON by default. */
  bodyTypes?: string[];
}

export interface Endpoint<Params = unknown, Query = unknown, Body = unknown> {
  method: "get" | "post" | "patch" | "delete";
  /** "/api/license/info/{license_key}" */
  path: string;
  /** Its name in the API description and in generated clients: `activateLicense`. Pages have none. */
  operationId?: string;
  summary: string;
  description?: string;
  tag: string;
  dialect: Dialect;
  guard: Guard;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** An example of the file that it takes: the body itself, or the field `file` of a form. For the API description. */
  upload?: { type: string; example: string };
  /** The body if it is so plain that the schema would return it as it is; null: the schema looks at it. */
  plainBody?(value: unknown): Body | null;
  /** Further limits, on the subject of the call. */
  limits?(call: Call<Params, Query, Body>): MaybePromise<[limit: Limit, subject: string][]>;
  /** Called when one of those limits refuses a call. */
  limited?(call: Call<Params, Query, Body>, subject: string): void;
  /** The successful answers: a sentence, and the schema where it is JSON. */
  answers: Answers;
  /** Error codes of the verb, besides those of guard and input. */
  errors?: ApiErrorCode[];
  /** Whether it is answered without the database. */
  standsAlone?: boolean;
  /** Whether it imports or exports: it may take minutes, and does not take the connections of other requests. */
  transfers?: boolean;
  /**
   * Whether it reads, changes or deletes an object with a revision. The revision in its answer becomes the `ETag`. A call
   * that changes or deletes also reads `If-Match`, and its verb refuses an outdated revision.
   */
  hasRevision?: boolean;
  /** Whether it changes something, and so accepts an `Idempotency-Key`. */
  changes?: boolean;
  /** The owner of the `Idempotency-Key` where no credential identifies one. */
  caller?(body: Body): string;
  handle(call: Call<Params, Query, Body>): Answer | Promise<Answer>;
}

/** Declares an endpoint: the types of its handler's input and of its answer follow from the schemas. */
export function endpoint<Params, Query, Body, const Declared extends Answers>(
  declaration: Omit<Endpoint<Params, Query, Body>, "answers" | "handle"> & {
    answers: Declared;
    handle(
      call: Call<Params, Query, Body>,
    ): DeclaredAnswer<Declared> | Promise<DeclaredAnswer<Declared>>;
  },
): Endpoint {
  return declaration;
}

/** Declares a page: HTML, or a redirection, of any status. */
export function pageEndpoint<Params, Query, Body>(declaration: Endpoint<Params, Query, Body>): Endpoint {
  return declaration;
}

export type { Guard };

/** Whether it applies only to the revision that `If-Match` names. */
export function readsRevision({ hasRevision, method }: Pick<Endpoint, "hasRevision" | "method">): boolean {
  return hasRevision === true && method !== "get";
}
