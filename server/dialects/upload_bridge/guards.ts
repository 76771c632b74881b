// Who calls the Upload Bridge API: anonymous clients that sign in, or a user by a session token, which may
// be sent in the header, in the body or in the query.
import { getSession } from "../../domain/accounts/get_session.ts";
import type { Actor } from "../../domain/actor.ts";
import type { Context } from "../../domain/context.ts";
import { refuse } from "../../domain/errors.ts";
import { anonymous, type Guard } from "../../request/guards.ts";
import { type Limits, listOf } from "../../request/limits.ts";
import type { Limit } from "../../request/rate_limiter.ts";
import type { RequestContext } from "../../request/request_context.ts";

export interface UserGuards {
  /** Anyone who signs in, refreshes or signs out. */
  signIn: Guard;
  /** A user with a session. */
  user: Guard;
  /** A user with a session, or anyone. A token that is sent must be valid. */
  anyone: Guard;
}

/** A user as the calls need it. */
export interface Caller {
  id: number;
  session: { id: number; deviceId: string | null };
}

export function createUserGuards(limits: Limits): UserGuards {
  return {
    signIn: {
      scheme: null,
      errors: [],
      limits: listOf(limits.signIn),
      identify: () => anonymous,
    },
    user: {
      scheme: "session",
      errors: ["SESSION_TOKEN_REQUIRED", "SESSION_TOKEN_INVALID"],
      limits: [],
      readsBody: (request) => headerTokenOf(request) === null,
      identify: (request, body) => identifyUser(request, body) ?? refuse("SESSION_TOKEN_REQUIRED"),
    },
    anyone: {
      scheme: "session",
      isOptional: true,
      errors: ["SESSION_TOKEN_INVALID"],
      limits: [],
      readsBody: (request) => headerTokenOf(request) === null,
      identify: (request, body) => identifyUser(request, body) ?? anonymous,
    },
  };
}

/** The session's token, wherever it was put: `Authorization: Bearer T`, `Authorization: T`, body or query. */
export function sessionTokenOf({ headers, url }: Request, body: unknown): string | null {
  const header = headerTokenOf({ headers });
  if (header !== null) return header;
  const inBody = (body as { session_token?: unknown } | undefined)?.session_token;
  if (typeof inBody === "string" && inBody !== "") return inBody;
  return new URL(url).searchParams.get("session_token") || null;
}

function headerTokenOf({ headers }: Pick<Request, "headers">): string | null {
  return headers.get("authorization")?.replace(/^Bearer(?: +|$)/i, "").trim() || null;
}

function identifyUser(request: RequestContext, body: unknown): Promise<Actor> | null {
  const token = sessionTokenOf(request.raw, body);
  if (!token) return null;
  return getSession(request.lookup(), token).then(({ id, userId, email, deviceId }) => ({
    kind: "user",
    id: userId,
    email,
    session: { id, deviceId },
  }));
}

/** The user who calls. */
export function callerOf(ctx: Context): Caller {
  const { actor } = ctx;
  if (actor.kind === "user" && actor.session) return { id: actor.id, session: actor.session };
  return refuse("SESSION_TOKEN_REQUIRED");
}

/** A limit on each user; on each address for callers who are not signed in. */
export function perUser(limit: Limit | null) {
  return ({ ctx: { actor }, request }: { ctx: Context; request: RequestContext }): [Limit, string][] =>
    limit ? [[limit, actor.kind === "user" ? `user ${actor.id}` : request.address]] : [];
}
