// POST /api/license/session/start, queue, heartbeat, end and leave: the seats of a license, and the queue for them.
import { z } from "zod";
import { endSeat } from "../../domain/seats/end.ts";
import { renewSeat } from "../../domain/seats/renew.ts";
import type { SeatRow, SeatUsage } from "../../domain/seats/seat.ts";
import { startOrQueue, startSeat } from "../../domain/seats/start.ts";
import {
  POLL_INTERVAL,
  type QueuedTicket,
  returnTicket,
  TICKET_TIME_TO_LIVE,
} from "../../domain/seats/tickets.ts";
import { accepted, created, endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { documentedForm } from "../../request/error_form.ts";
import type { ApiErrorCode } from "../../request/error_messages.ts";
import { hardwareHash, licenseKey, time } from "./fields.ts";
import { wireTime } from "./wire.ts";

const sessionId = z.guid().describe("The session's id, as returned by queue");
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

const ticketId = z.guid().describe("The ticket, as returned by queue");
const ticket = z.object({
  ticket: ticketId,
  position: z.int().describe("Place in the queue; 1 is the next to get a session"),
  expires_in: z.int().describe(
    "Seconds in which the ticket has to be used again; otherwise its position is lost",
  ),
  retry_after: z.int().describe("Seconds after which to call again with the ticket"),
  active_sessions: activeSessions,
  max_users: maxUsers,
}).meta({
  id: "SessionTicket",
  examples: [{
    ticket: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    position: 3,
    expires_in: TICKET_TIME_TO_LIVE,
    retry_after: POLL_INTERVAL,
    active_sessions: 10,
    max_users: 10,
  }],
});

const earlierSession = z.guid().optional().describe("The session that the app had before it started again");

const startErrors: ApiErrorCode[] = [
  "INVALID_LICENSE",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "NOT_ACTIVATED",
  "ACTIVATION_INACTIVE",
  "SESSION_LIMIT_REACHED",
];

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
      description:
        "A device that has a session gets the same one again, also when the license is full. Where concurrent users count for each device, the app sends the session_id that it had.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        session_id: earlierSession,
      }).meta({
        examples: [{ license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" }],
      }),
      answers: { 201: { description: "The session", schema: session } },
      errors: startErrors,
      async handle({ ctx, body }) {
        return created(wireSeat(
          await startSeat(ctx, {
            licenseKey: body.license_key,
            hardwareId: body.hardware_hash,
            seatId: body.session_id,
          }),
        ));
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/session/queue",
      operationId: "queueForSession",
      summary: "Start a session, or wait for one",
      description:
        "Starts a session as `start` does. When the license is full and has a queue, the answer is 202 with a ticket: call again with it until the answer is 201. Without a queue the answer is 409.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        session_id: earlierSession,
        ticket: z.guid().optional().describe("The ticket of the app that waits"),
      }).meta({
        examples: [{ license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" }],
      }),
      answers: {
        201: { description: "The session", schema: session },
        202: { description: "The ticket of an app that waits for a session", schema: ticket },
      },
      errors: [...startErrors, "TICKET_NOT_FOUND"],
      async handle({ ctx, body }) {
        const { seat, queued } = await startOrQueue(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
          seatId: body.session_id,
          ticket: body.ticket ?? null,
          queue: true,
        });
        return seat ? created(wireSeat(seat)) : accepted(wireTicket(queued));
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/session/leave",
      operationId: "leaveSessionQueue",
      summary: "Leave the session queue",
      body: z.object({ ticket: ticketId }),
      answers: {
        200: {
          description: "Ticket given back",
          schema: z.object({
            message: z.string().describe("Readable result"),
            active_sessions: activeSessions,
            max_users: maxUsers,
          }),
        },
      },
      errors: ["TICKET_NOT_FOUND"],
      async handle({ ctx, body }) {
        const { activeSessions, maxUsers } = await returnTicket(ctx, body.ticket);
        return ok({ message: "Left the queue", active_sessions: activeSessions, max_users: maxUsers });
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/session/heartbeat",
      operationId: "renewSession",
      summary: "Renew a session",
      body: z.object({ session_id: sessionId }),
      answers: { 200: { description: "The session", schema: session } },
      errors: [
        "SESSION_NOT_FOUND",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "VERSION_NOT_ENTITLED",
      ],
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

function wireTicket({ id, position, activeSessions, maxUsers }: QueuedTicket) {
  return {
    ticket: id,
    position,
    expires_in: TICKET_TIME_TO_LIVE,
    retry_after: POLL_INTERVAL,
    active_sessions: activeSessions,
    max_users: maxUsers,
  };
}

function wireSeat(seat: SeatRow & SeatUsage) {
  return {
    session_id: seat.id,
    expires_at: wireTime(seat.expiresAt),
    active_sessions: seat.activeSessions,
    max_users: seat.maxUsers,
  };
}
