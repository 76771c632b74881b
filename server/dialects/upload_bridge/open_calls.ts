// What needs no credential: whether the API is well.
import { z } from "zod";
import { endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { wireTime } from "../../request/wire_time.ts";
import { uploadBridgeForm } from "./form.ts";
import { time } from "./fields.ts";

export function openCalls(guards: Guards) {
  const common = { method: "get", tag: "Upload Bridge API", dialect: uploadBridgeForm } as const;
  return [
    endpoint({
      ...common,
      path: "/api/v2/health",
      guard: guards.probe,
      operationId: "getApiHealth",
      summary: "Check whether the API is up",
      answers: {
        200: {
          description: "The service is up",
          schema: z.object({
            status: z.literal("ok").describe("Always ok"),
            timestamp: time,
            version: z.literal("2.0").describe("The API's version"),
          }).meta({
            examples: [{ status: "ok", timestamp: "2025-01-27T12:00:00Z", version: "2.0" }],
          }),
        },
      },
      handle: ({ ctx }) => ok({ status: "ok", timestamp: wireTime(ctx.now), version: "2.0" }),
    }),
  ];
}
