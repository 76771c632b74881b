// Who calls the Upload Bridge API: anyone who wants to sign in, or a user by the token of their session, which may
// come in the header, in the body or in the query.
import { getSession } from "../../domain/accounts/sessions.ts";
import type { Context, LookupContext } from "../../domain/context.ts";
import type { Actor } from "../../domain/actor.ts";
import { refuse } from "../../domain/errors.ts";
import type { Limit } from "../../request/rate_limiter.ts";
import type { Guard } from "../../request/endpoint.ts";
import type { Limits } from "../../request/guards.ts";

export interface UserGuards {
  /** Whoever signs in, refreshes or signs out. */
  signIn: Guard;
  /** A user with a session. */
  user: Guard;
  /** A user with a session, or anyone. A token that is sent must be good. */
  anyone: Guard;
}

/** A user as the calls want to know them. */
export interface Caller {
  id: number;
  session: { id: number; deviceId: string | null };
}

export function createUserGuards(limits: Limits): UserGuards {
  const anonymous = { kind: "anonymous" } as const;
  return {
    signIn: {
      scheme: null,
      errors: [],
      limits: limits.signIn ? [limits.signIn] : [],
      identify: () => anonymous,
    },
    user: {
      scheme: "session",
      errors: ["SESSION_TOKEN_REQUIRED", "SESSION_TOKEN_INVALID"],
      limits: [],
      readsBody: true,
      identify(request, ctx, body) {
        const token = sessionTokenOf(request, body);
        return token ? identifyUser(ctx, token) : refuse("SESSION_TOKEN_REQUIRED");
      },
    },
    anyone: {
      scheme: "session",
      errors: ["SESSION_TOKEN_INVALID"],
      limits: [],
      readsBody: true,
      identify(request, ctx, body) {
        const token = sessionTokenOf(request, body);
        return token ? identifyUser(ctx, token) : anonymous;
      },
    },
  };
}

/** The session's token, wherever it was put: `Authorization: Bearer T`, `Authorization: T`, body or query. */
export function sessionTokenOf(request: Request, body: unknown): string | null {
  const header = request.headers.get("authorization")?.replace(/^Bearer(?: +|$)/i, "").trim();
  if (header) return header;
  const inBody = (body as { session_token?: unknown } | undefined)?.session_token;
  if (typeof inBody === "string" && inBody !== "") return inBody;
  return new URL(request.url).searchParams.get("session_token") || null;
}

async function identifyUser(ctx: LookupContext, token: string): Promise<Actor> {
  const { id, userId, email, deviceId } = await getSession(ctx, token);
  return { kind: "user", id: userId, email, session: { id, deviceId } };
}

/** The user who calls. */
export function callerOf(ctx: Context): Caller {
  const { actor } = ctx;
  if (actor.kind === "user" && actor.session) return { id: actor.id, session: actor.session };
  return refuse("SESSION_TOKEN_REQUIRED");
}

/** A limit on each user; on each address for those who are not signed in. */
export function perUser(limit: Limit | null) {
  return ({ ctx, ip }: { ctx: Context; ip: string }): [Limit, string][] => {
    if (!limit) return [];
    return [[limit, ctx.actor.kind === "user" ? `user ${ctx.actor.id}` : ip]];
  };
}
