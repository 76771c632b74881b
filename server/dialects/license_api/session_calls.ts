// POST /api/license/session/start, heartbeat and end: the seats of a license.
import { z } from "zod";
import { endSeat } from "../../domain/seats/end.ts";
import { renewSeat } from "../../domain/seats/renew.ts";
import { startSeat } from "../../domain/seats/start.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { documentedForm } from "../../request/error_form.ts";
import { hardwareHash, licenseKey, time } from "./fields.ts";
import { wireTime } from "./wire.ts";

const sessionId = z.guid().describe("The session's id, as returned by start");
const activeSessions = z.int().describe("Active sessions of the license");
const maxUsers = z.int().describe("Concurrent user limit");
const session = z.object({
  session_id: sessionId,
  expires_at: time.describe("Time at which the session expires without another heartbeat"),
  active_sessions: activeSessions,
  max_users: maxUsers,
}).meta({
  id: "Session",
  examples: [{
    session_id: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11",
    expires_at: "2025-06-19T10:35:00Z",
    active_sessions: 1,
    max_users: 10,
  }],
});

export function sessionCalls(guards: Guards) {
  const common = {
    method: "post",
    tag: "App sessions",
    dialect: documentedForm,
    guard: guards.apiKey,
    changes: true,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/license/session/start",
      operationId: "startSession",
      summary: "Start a session",
      body: z.object({ license_key: licenseKey, hardware_hash: hardwareHash }).meta({
        examples: [{ license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" }],
      }),
      answers: { 201: { description: "The session", schema: session } },
      errors: [
        "INVALID_LICENSE",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "NOT_ACTIVATED",
        "ACTIVATION_INACTIVE",
        "SESSION_LIMIT_REACHED",
      ],
      async handle({ ctx, body }) {
        return created(wireSeat(
          await startSeat(ctx, { licenseKey: body.license_key, hardwareId: body.hardware_hash }),
        ));
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/session/heartbeat",
      operationId: "renewSession",
      summary: "Renew a session",
      body: z.object({ session_id: sessionId }),
      answers: { 200: { description: "The session", schema: session } },
      errors: ["SESSION_NOT_FOUND", "LICENSE_INACTIVE", "LICENSE_NOT_YET_VALID", "LICENSE_EXPIRED"],
      async handle({ ctx, body }) {
        return ok(wireSeat(await renewSeat(ctx, body.session_id)));
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/session/end",
      operationId: "endSession",
      summary: "End a session",
      body: z.object({ session_id: sessionId }),
      answers: {
        200: {
          description: "Session ended",
          schema: z.object({
            message: z.string().describe("Readable result"),
            active_sessions: activeSessions,
            max_users: maxUsers,
          }),
        },
      },
      errors: ["SESSION_NOT_FOUND"],
      async handle({ ctx, body }) {
        const { activeSessions, maxUsers } = await endSeat(ctx, body.session_id);
        return ok({
          message: "Session ended successfully",
          active_sessions: activeSessions,
          max_users: maxUsers,
        });
      },
    }),
  ];
}

function wireSeat(seat: Awaited<ReturnType<typeof startSeat>>) {
  return {
    session_id: seat.id,
    expires_at: wireTime(seat.expiresAt),
    active_sessions: seat.activeSessions,
    max_users: seat.maxUsers,
  };
}
