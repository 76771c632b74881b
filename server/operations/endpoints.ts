// The calls about the server itself: what it is, whether it is well, what it counts, and how it is called.
import { timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import { z } from "zod";
import { readiness, writeReadiness } from "./readiness_answer.ts";
import { RequestError } from "../request/request_error.ts";
import type { ApiTag } from "../request/dialect_module.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { isReady } from "../request/readiness.ts";
import { wireTime } from "../request/wire_time.ts";

const timestamp = z.string().describe("The server's time, ISO 8601");

export const serviceTag: ApiTag = {
  name: "Service",
  description: "Status, metrics and description of the server.",
};

const common = { method: "get", tag: serviceTag.name, dialect: documentedForm, standsAlone: true } as const;

/**
 * The service calls.
 *
 * @param options.metricsToken required to read the metrics; null: no authentication
 */
export function serverCalls(guards: Guards, options: { metricsToken: string | null }): Endpoint[] {
  return [
    endpoint({
      ...common,
      path: "/",
      guard: guards.open,
      operationId: "getService",
      summary: "Get the service status",
      answers: {
        200: {
          description: "The server is up",
          schema: z.object({
            status: z.string().describe("Always ok"),
            service: z.string().describe("Name of the service"),
            timestamp,
          }).meta({
            examples: [{ status: "ok", service: "V2 License Server", timestamp: "2025-06-19T10:30:00Z" }],
          }),
        },
        303: { description: "Redirect to the panel" },
      },
      handle({ ctx, request }) {
        if (request.raw.headers.get("accept")?.includes("text/html")) {
          return { status: 303 as const, body: null, headers: { location: "/dashboard" } };
        }
        return ok({ status: "ok", service: "V2 License Server", timestamp: wireTime(ctx.now) });
      },
    }),

    endpoint({
      ...common,
      path: "/health",
      guard: guards.probe,
      operationId: "getHealth",
      summary: "Check whether the process is alive",
      answers: {
        200: {
          description: "The service is up",
          schema: z.object({ status: z.string().describe("Always healthy"), timestamp }).meta({
            examples: [{ status: "healthy", timestamp: "2025-06-19T10:30:00Z" }],
          }),
        },
      },
      handle: ({ ctx }) => ok({ status: "healthy", timestamp: wireTime(ctx.now) }),
    }),

    endpoint({
      ...common,
      path: "/health/ready",
      guard: guards.probe,
      operationId: "getReadiness",
      summary: "Check whether the server is ready",
      description:
        "Ready without Redis: each process then counts its own limits. Not ready without the database. `checks` says " +
        "for each part since when it is as it is, and what is wrong.",
      answers: {
        200: { description: "Ready", schema: readiness },
        503: { description: "Not ready, or shutting down", schema: readiness },
      },
      async handle({ ctx, request: { services } }) {
        const states = await services.readiness.check();
        const body = writeReadiness(states, wireTime(ctx.now));
        return isReady(states) ? ok(body) : { status: 503 as const, body };
      },
    }),

    endpoint({
      ...common,
      path: "/metrics",
      guard: guards.probe,
      operationId: "getMetrics",
      summary: "Get metrics for Prometheus",
      answers: {
        200: {
          description: "Metrics",
          type: "text/plain",
          example: '# TYPE latchkey_build_info gauge\nlatchkey_build_info{version="1.0.0"} 1\n',
        },
      },
      errors: ["METRICS_TOKEN_REQUIRED"],
      async handle({ request }) {
        if (options.metricsToken !== null && !bears(request.raw, options.metricsToken)) {
          throw new RequestError("METRICS_TOKEN_REQUIRED");
        }
        const { registry } = request.services.metrics;
        return {
          ...ok(await registry.render()),
          headers: { "content-type": registry.contentType },
        };
      },
    }),
  ];
}

/**
 * The call that returns the API description.
 *
 * @param describe writes it as JSON
 */
export function descriptionCall(guards: Guards, describe: () => string): Endpoint {
  return endpoint({
    ...common,
    path: "/openapi.json",
    guard: guards.open,
    summary: "Get this description",
    answers: { 200: { description: "OpenAPI 3.1", type: "application/json" } },
    handle: () => ({ ...ok(describe()), headers: { "content-type": "application/json" } }),
  });
}

function bears(request: Request, token: string): boolean {
  const given = Buffer.from(request.headers.get("authorization")?.replace(/^Bearer /i, "") ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
