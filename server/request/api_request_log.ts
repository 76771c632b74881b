// What the log of API requests says about a request, by its endpoint: its path without secrets, its outcome, who sent it
// and what it was about. What the declaration settles is settled when the server starts.
import { z } from "zod";
import { networkOf } from "../domain/network.ts";
import { maskKey } from "../domain/licenses/pasted_key.ts";
import { truncate } from "../domain/text.ts";
import type { ApiRequestWriter, OfferedRequest } from "./api_request_writer.ts";
import type { Answer, Endpoint } from "./endpoint.ts";
import type { Passage } from "./endpoint_steps.ts";
import type { SampleKey } from "./fair_sample.ts";
import { maskedBody } from "./masked_body.ts";
import { pathOf } from "./paths.ts";
import type { RequestContext } from "./request_context.ts";

/** Records a request that was answered with a status. */
export type RecordPassage = (passage: Passage, answer: Answer) => void;
export type RecordRefusal = (request: RequestContext, status: number) => void;

/** Whose ids the parameter `id` of a path names. */
const subjects = [
  ["/api/admin/licenses/{id}", "licenseId"],
  ["/api/admin/devices/{id}", "activationId"],
  ["/api/admin/customers/{id}", "customerId"],
  ["/api/admin/users/{id}", "userId"],
] as const;

/** The function that records the requests of an endpoint; null: they are not logged. */
export function compileRecord(endpoint: Endpoint, writer: ApiRequestWriter): RecordPassage | null {
  const { path: route, operationId, query } = endpoint;
  if (!route.startsWith("/api/") || operationId === undefined) return null;
  const method = endpoint.method.toUpperCase();
  const subject = subjects.find(([prefix]) => route.startsWith(prefix))?.[1];
  const loggedQuery = query ? plainFieldsOf(query) : [];
  return (passage, answer) => {
    const { request } = passage;
    const { status } = answer;
    const outcome = status < 400 && request.denial === null ? "succeeded" : "rejected";
    const caller = callerOf(request);
    const about = request.licenseId ?? request.address;
    if (!writer.admits(outcome, caller, about)) return;
    const params = (passage.params ?? {}) as Record<string, unknown>;
    writer.add(outcome, caller, about, {
      ...describe(request, status),
      method,
      route,
      path: pathWith(route, params) + queryWith(loggedQuery, passage.query),
      licenseText: request.errorCode === "INVALID_LICENSE" ? maskedKeyOf(passage) : null,
      ...(logsBodies(request) ? bodiesOf(passage, answer) : noBodies),
      ...(subject && typeof params.id === "number" ? { [subject]: params.id } : {}),
    });
  };
}

/**
 * The function that records requests that no endpoint answers, below `/api/`.
 *
 * @param route the declared path, or "unknown"
 */
export function compileRefusalRecord(route: string, writer: ApiRequestWriter): RecordRefusal {
  return (request, status) => {
    const { raw } = request;
    const path = pathOf(raw);
    if (!path.startsWith("/api/")) return;
    const caller = callerOf(request);
    if (!writer.admits("rejected", caller, request.address)) return;
    writer.add("rejected", caller, request.address, {
      ...describe(request, status),
      method: /^[A-Z]{1,10}$/.test(raw.method) ? raw.method : "OTHER",
      route,
      path: withoutSecrets(path),
      licenseText: null,
      ...noBodies,
    });
  };
}

const noBodies = { requestBody: null, responseBody: null };

/** Whether an owner turned on the logging of bodies for the API key, and it has not ended. */
function logsBodies({ actor, now }: RequestContext): boolean {
  if (actor?.kind !== "api_key" || !actor.bodiesUntil) return false;
  return now < actor.bodiesUntil;
}

function bodiesOf({ received }: Passage, { body }: Answer) {
  return { requestBody: maskedBody(received?.value), responseBody: maskedBody(body) };
}

type Described = Omit<OfferedRequest, "method" | "route" | "path" | "licenseText" | keyof typeof noBodies>;

function describe(request: RequestContext, status: number): Described {
  const { actor } = request;
  const userId = actor?.kind === "user" ? actor.id : null;
  return {
    startedAt: request.now,
    requestId: request.id,
    status,
    code: request.errorCode ?? request.denial,
    durationMs: performance.now() - request.startedAt,
    network: networkOf(request.address),
    userAgent: productsOf(request.header("user-agent")),
    actorKind: actor?.kind ?? "anonymous",
    actorId: actor && "id" in actor ? actor.id : null,
    licenseId: request.licenseId,
    activationId: request.activationId,
    customerId: null,
    userId,
  };
}

const kinds = { api_key: 1, user: 2, administrator: 3 };

/**
 * Who shares the budget with others. Apps without an API key are one caller when their license was found, and another one when
 * it was not, so that a flood from many addresses takes no more than an API key.
 */
function callerOf({ actor, licenseId }: RequestContext): SampleKey {
  if (actor && "id" in actor) return actor.id * 4 + kinds[actor.kind];
  return licenseId === null ? "unidentified" : "license";
}

/** Fields of a query that take no free text: numbers, booleans and words of a list. */
function plainFieldsOf(query: z.ZodType): string[] {
  const { properties = {} } = z.toJSONSchema(query, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, { type?: string; enum?: unknown[] }>;
  };
  return Object.entries(properties).filter(([, { type, enum: words }]) =>
    words !== undefined || type === "integer" || type === "number" || type === "boolean"
  ).map(([name]) => name);
}

function queryWith(names: string[], query: unknown): string {
  const values = (query ?? {}) as Record<string, unknown>;
  const logged = names.filter((name) => values[name] !== undefined).map((name) => `${name}=${values[name]}`);
  return logged.length > 0 ? truncate(`?${logged.join("&")}`, 300) : "";
}

/** The path with the numbers that its parameters have; other parameters, such as license keys, keep their names. */
function pathWith(route: string, params: Record<string, unknown>): string {
  return route.replace(/\{(\w+)\}/g, (named, name) => {
    const value = params[name];
    return typeof value === "number" ? String(value) : named;
  });
}

/** The path of an address that there is not: every part that could be a secret is "*". */
function withoutSecrets(path: string): string {
  return truncate(path, 200).split("/").map((part) => /^(?:v\d|[a-z_-]{0,16})$/.test(part) ? part : "*").join(
    "/",
  );
}

function maskedKeyOf({ params, body }: Passage): string | null {
  const given = { ...(params as object | undefined), ...(body as object | undefined) } as {
    license_key?: unknown;
  };
  return typeof given.license_key === "string" ? maskKey(truncate(given.license_key, 64)) : null;
}

/** Names and versions of programs in a `User-Agent` (RFC 9110, section 10.1.5); anything else in it could be a secret. */
function productsOf(userAgent: string | null): string | null {
  const products = userAgent && truncate(userAgent, 500).match(
    /(?<![^\s])[A-Za-z][A-Za-z._]{0,30}\/v?\d[\d.]{0,20}(?=[\s;,]|$)/g,
  );
  return products ? truncate(products.join(" "), 200) : null;
}
