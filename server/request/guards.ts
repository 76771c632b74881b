// Who may call an endpoint, by which credential and how often. What the caller may do, the verbs decide by role.
import { getApiKeyActor } from "../domain/api_keys/api_keys.ts";
import type { Actor, Role } from "../domain/actor.ts";
import { requireAtLeast } from "../domain/authorization.ts";
import { refuse } from "../domain/errors.ts";
import {
  identifyAdministrator,
  identifyAnalyticsReader,
  identifyIncompleteAdministrator,
} from "./authentication.ts";
import { requireSameSite } from "./csrf.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import { type Limits, listOf } from "./limits.ts";
import type { Limit } from "./rate_limiter.ts";
import { RequestError } from "./request_error.ts";
import type { RequestContext } from "./request_context.ts";

export interface Guard {
  /** A security scheme of the API description; null for anyone. */
  scheme: string | null;
  /** Whether the credential may be left out. */
  isOptional?: boolean;
  /** What an administrator has to be at least. */
  role?: Role;
  errors: ApiErrorCode[];
  /** Limits on the caller's address, counted before anything else. */
  limits: Limit[];
  /** Limits on the caller, counted once it is identified. */
  callerLimits?: Limit[];
  /**
   * Finds out who calls.
   *
   * @throws DomainError RequestError one of `errors`
   */
  identify(request: RequestContext, body: unknown): Actor | Promise<Actor>;
  /**
   * Whether the credential of a request may be in its body, of which at most 64 KiB are then read before the caller is
   * identified. Other bodies are read after that.
   */
  readsBody?(request: Request): boolean;
}

export interface Guards {
  /** Anyone, without a limit: for probes. */
  probe: Guard;
  /** Anyone. */
  open: Guard;
  /** A client app or script with an API key. */
  apiKey: Guard;
  /** A client app that sends no API key; one that it sends must be valid. */
  licenseHolder: Guard;
  /** An administrator who signs in. */
  signIn: Guard;
  /** Administrators by role: viewers read, managers change licensing data, owners change everything. */
  viewer: Guard;
  manager: Guard;
  owner: Guard;
  /** An administrator of any role, also without the second factor that is required. For signing out. */
  incomplete: Guard;
  /** An administrator, or the bearer of a token that gives access to statistics and nothing else. */
  statistics: Guard;
}

export const anonymous = { kind: "anonymous" } as const;

/** The guards that several APIs share. */
export function createGuards(limits: Limits): Guards {
  const byAddress = listOf(limits.public);
  const administrator = (role: Role): Guard => ({
    scheme: "administrator",
    role,
    errors: ["SIGN_IN_REQUIRED", "SECOND_FACTOR_MISSING", "FORBIDDEN", "CROSS_SITE"],
    limits: [],
    callerLimits: listOf(limits.administrator),
    async identify(request) {
      const actor = await identifyAdministrator(request);
      requireAtLeast(actor, role);
      return actor;
    },
  });
  return {
    probe: { scheme: null, errors: [], limits: [], identify: () => anonymous },
    open: { scheme: null, errors: [], limits: byAddress, identify: () => anonymous },
    apiKey: {
      scheme: "apiKey",
      errors: ["API_KEY_REQUIRED", "API_KEY_INVALID"],
      limits: byAddress,
      identify(request) {
        const actor = identifyApiKey(request);
        if (actor === null) throw new RequestError("API_KEY_REQUIRED");
        return actor;
      },
    },
    licenseHolder: {
      scheme: "apiKey",
      isOptional: true,
      errors: ["API_KEY_INVALID"],
      limits: byAddress,
      identify: (request) => identifyApiKey(request) ?? anonymous,
    },
    signIn: {
      scheme: null,
      errors: ["CROSS_SITE"],
      limits: listOf(limits.administratorSignIn),
      identify(request) {
        // Signing a browser in to another account is an attack too (login CSRF).
        requireSameSite(request, false);
        return anonymous;
      },
    },
    viewer: administrator("viewer"),
    manager: administrator("manager"),
    owner: administrator("owner"),
    incomplete: {
      ...administrator("viewer"),
      errors: ["SIGN_IN_REQUIRED", "CROSS_SITE"],
      identify: (request) => identifyIncompleteAdministrator(request),
    },
    statistics: { ...administrator("viewer"), scheme: "analytics", identify: identifyAnalyticsReader },
  };
}

function identifyApiKey(request: RequestContext): Actor | Promise<Actor> | null {
  const key = request.header("x-api-key");
  if (!key) return null;
  return key.length > 255 ? refuse("API_KEY_INVALID") : getApiKeyActor(request.lookup(), key);
}
