// The guards: who may call an endpoint. A guard knows credentials; what their owner may do, the verbs ask.
import { getApiKeyActor } from "../domain/api_keys/api_keys.ts";
import { identifyAdministrator, identifyReader, requireOurSite } from "./credentials.ts";
import { type LookupContext, requireRank } from "../domain/context.ts";
import type { Actor, Role } from "../domain/actor.ts";
import { refuse } from "../domain/errors.ts";
import type { Config, Environment } from "../config.ts";
import type { Limit } from "./rate_limiter.ts";
import type { Guard } from "./endpoint.ts";
import { RequestError } from "./request_error.ts";

const MINUTE = 60_000;

export interface Guards {
  /** Anyone, as often as they like: for probes. */
  probe: Guard;
  /** Anyone. */
  open: Guard;
  /** A client app or script with an API key. */
  apiKey: Guard;
  /** A client app that sends no API key; one that it sends must be right. */
  licenseHolder: Guard;
  /** Somebody about to sign in to the panel. */
  signIn: Guard;
  /** An administrator, who may at least read, change licensing data, or change everything. */
  viewer: Guard;
  manager: Guard;
  owner: Guard;
  /** An administrator, or who was given a token that opens statistics and nothing else. */
  statistics: Guard;
}

export interface Limits {
  /** One machine's heartbeats, on top of the limit on its address. */
  heartbeat: Limit | null;
  /** Everything that signs in, by address. */
  signIn: Limit | null;
  /** Passwords tried on one account, wherever they come from. A link by mail lets its owner in meanwhile. */
  account: Limit | null;
  /** Links mailed to one address, whoever asks for them. */
  mail: Limit | null;
  /** A user's calls about licenses, and about devices. */
  license: Limit | null;
  device: Limit | null;
  /** Tries to sign in to one administrator's account, from wherever they come. */
  administratorAccount: Limit | null;
}

/** The limits of the configuration; null where one is off. */
export function createLimits(
  config: Pick<
    Environment,
    "RATE_LIMIT_HEARTBEAT" | "RATE_LIMIT_AUTH" | "RATE_LIMIT_LICENSE" | "RATE_LIMIT_DEVICE"
  >,
): Limits {
  const perMinute = config.RATE_LIMIT_HEARTBEAT;
  const signIns = config.RATE_LIMIT_AUTH;
  const window = (name: string, max: number | null, windowMs = MINUTE, maxWithoutRedis = max): Limit | null =>
    max === null
      ? null
      : { name, kind: "window", max, windowMs, maxWithoutRedis: maxWithoutRedis ?? undefined };
  // Where each process counts for itself, half as many are let through.
  const strict = (name: string, times: number, per: number) =>
    signIns === null ? null : window(name, times * signIns, per, Math.ceil(times * signIns / 2));
  return {
    signIn: strict("sign-in", 1, MINUTE),
    account: strict("account", 4, 15 * MINUTE),
    mail: strict("mail", 1, 15 * MINUTE),
    license: window("license", config.RATE_LIMIT_LICENSE),
    device: window("device", config.RATE_LIMIT_DEVICE),
    heartbeat: perMinute === null
      ? null
      : { name: "heartbeat", kind: "bucket", max: 2 * perMinute, intervalMs: MINUTE / perMinute },
    administratorAccount: strict("admin account", 4, MINUTE),
  };
}

/** The guards, with the limits of the configuration. */
export function createGuards(
  config:
    & Pick<Config, "RATE_LIMIT_PUBLIC" | "RATE_LIMIT_AUTH" | "RATE_LIMIT_ADMIN">
    & Pick<Config, "PUBLIC_URL" | "JWT_SECRET">,
): Guards {
  const perMinute = config.RATE_LIMIT_PUBLIC;
  const limits: Limit[] = perMinute ? [{ name: "ip", kind: "window", max: perMinute, windowMs: MINUTE }] : [];
  const anonymous = { kind: "anonymous" } as const;
  const perToken: Limit[] = config.RATE_LIMIT_ADMIN
    ? [{ name: "admin", kind: "window", max: config.RATE_LIMIT_ADMIN, windowMs: MINUTE }]
    : [];
  const signIns: Limit[] = config.RATE_LIMIT_AUTH
    ? [{ name: "admin sign-in", kind: "window", max: config.RATE_LIMIT_AUTH, windowMs: MINUTE }]
    : [];

  const administrator = (role: Role): Guard => ({
    scheme: "administrator",
    role,
    errors: ["SIGN_IN_REQUIRED", "FORBIDDEN", "CROSS_SITE"],
    limits: [],
    callerLimits: perToken,
    async identify(request, ctx) {
      const actor = await identifyAdministrator(request, ctx, config.PUBLIC_URL);
      requireRank(actor, role);
      return actor;
    },
  });

  const withKey = (ctx: LookupContext, key: string): Actor | Promise<Actor> =>
    key.length > 255 ? refuse("API_KEY_INVALID") : getApiKeyActor(ctx, key);

  return {
    probe: { scheme: null, errors: [], limits: [], identify: () => anonymous },
    open: { scheme: null, errors: [], limits, identify: () => anonymous },
    apiKey: {
      scheme: "apiKey",
      errors: ["API_KEY_REQUIRED", "API_KEY_INVALID"],
      limits,
      identify(request, ctx) {
        const key = request.headers.get("x-api-key");
        if (!key) throw new RequestError("API_KEY_REQUIRED");
        return withKey(ctx, key);
      },
    },
    licenseHolder: {
      scheme: null,
      errors: ["API_KEY_INVALID"],
      limits,
      identify(request, ctx) {
        const key = request.headers.get("x-api-key");
        return key ? withKey(ctx, key) : anonymous;
      },
    },
    signIn: {
      scheme: null,
      errors: ["CROSS_SITE"],
      limits: signIns,
      identify(request) {
        // Signing a stranger's browser in to another account is an attack as well.
        if (request.headers.has("sec-fetch-site")) requireOurSite(request, config.PUBLIC_URL);
        return anonymous;
      },
    },
    viewer: administrator("viewer"),
    manager: administrator("manager"),
    owner: administrator("owner"),
    statistics: {
      ...administrator("viewer"),
      scheme: "analytics",
      identify: (request, ctx) =>
        identifyReader(request, ctx, { publicUrl: config.PUBLIC_URL, secret: config.JWT_SECRET }),
    },
  };
}
