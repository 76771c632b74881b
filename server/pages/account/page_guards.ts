// Who opens a page: anyone, or a user by the cookie of their session.
import { getSession } from "../../domain/accounts/get_session.ts";
import type { Actor } from "../../domain/actor.ts";
import { isDomainError, refuse } from "../../domain/errors.ts";
import { clearCookie, readCookie, userCookie } from "../../request/cookies.ts";
import { requireSameSite } from "../../request/csrf.ts";
import { anonymous, type Guard, type Guards } from "../../request/guards.ts";
import { type Limits, listOf } from "../../request/limits.ts";
import type { RequestContext } from "../../request/request_context.ts";

export interface PageGuards {
  /** Anyone who opens a page. */
  anyone: Guard;
  /** Anyone who posts a form that signs in or has a mail sent. */
  signIn: Guard;
  /** A user who is signed in. */
  user: Guard;
}

export function createPageGuards(guards: Guards, limits: Limits): PageGuards {
  return {
    anyone: guards.open,
    signIn: {
      scheme: null,
      errors: ["CROSS_SITE"],
      limits: listOf(limits.signIn),
      identify(request) {
        requireSameSite(request, false);
        return anonymous;
      },
    },
    user: {
      scheme: null,
      errors: ["CROSS_SITE", "SESSION_TOKEN_REQUIRED", "SESSION_TOKEN_INVALID"],
      limits: guards.open.limits,
      identify: identifyUser,
    },
  };
}

async function identifyUser(request: RequestContext): Promise<Actor> {
  const token = readCookie(request, userCookie);
  if (token === null) refuse("SESSION_TOKEN_REQUIRED");
  try {
    const { id, userId, email, deviceId } = await getSession(request.lookup(), token);
    return { kind: "user", id: userId, email, session: { id, deviceId } };
  } catch (error) {
    if (isDomainError(error, "SESSION_TOKEN_INVALID")) {
      clearCookie(request, userCookie);
    }
    throw error;
  }
}
