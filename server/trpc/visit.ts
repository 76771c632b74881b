// One request at the panel's door: who it comes from, what it may cost, and the context its procedures get.
import { tagOfAll } from "../domain/events/catalogue/cache_tags.ts";
import { browserOf, identifyAdministrator, requireOurSite } from "../request/credentials.ts";
import type { AdministratorActor } from "../domain/administrators/administrator.ts";
import type { Cache, Cipher, Context, HeartbeatWriter } from "../domain/context.ts";
import type { Actor } from "../domain/actor.ts";
import type { AllowedNetworks } from "../domain/webhooks/address.ts";
import { RequestError } from "../request/request_error.ts";
import { readSettings } from "../domain/settings/settings.ts";
import { defaultSettings } from "../domain/settings/schema.ts";
import type { Database } from "../../db/connect.ts";
import type { Allowance, Limit, RateLimiter } from "../request/rate_limiter.ts";
import type { Log } from "../request/log.ts";
import type { Metrics } from "../request/metrics.ts";

/** What this door gets from the program that opens it. */
export interface ProcedureServices {
  db: Database;
  cache: Cache;
  heartbeats: HeartbeatWriter;
  cipher: Cipher;
  limiter: RateLimiter;
  log: Log;
  metrics: Metrics;
  addressOf(peer: string, forwarded: string | null): string;
  isReady(): boolean;
}

/** What it needs to know of the configuration. */
export interface Site {
  publicUrl: string;
  jwtSecret: string;
  /** Networks webhooks may reach although they are not public. */
  webhookNetworks: AllowedNetworks;
  /** Requests a minute of each token, and tries to sign in; null where that is off. */
  perMinute: number | null;
  signInsPerMinute: number | null;
}

export interface ProcedureRequest {
  id: string;
  ip: string;
  browser: string;
  site: Site;
  /** Headers of the answer. */
  headers: Headers;
  /** Ends when the caller leaves. */
  signal: AbortSignal;
  /** Whether the server goes on taking requests. */
  isReady(): boolean;
  /** Whether Redis answers this process. */
  hasRedis(): boolean;
  /** The administrator who asks; counts against their limit. */
  identify(): Promise<AdministratorActor>;
  /** Counts a try to sign in. */
  takeSignIn(subject?: string): Promise<void>;
  /** The context of the domain, now. */
  open(actor: Actor): Promise<Context>;
}

const MINUTE = 60_000;

export function receive(
  rooms: ProcedureServices,
  site: Site,
  request: Request,
  peer: string,
): ProcedureRequest {
  const given = request.headers.get("x-request-id");
  const id = given && /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID();
  const ip = rooms.addressOf(peer, request.headers.get("x-forwarded-for"));
  const headers = new Headers({ "x-request-id": id, "cache-control": "no-store" });

  async function take(limit: Limit, subject: string): Promise<void> {
    const allowance = await rooms.limiter.consume(limit, subject);
    tellAllowance(headers, allowance);
    if (allowance.allowed) return;
    const seconds = secondsOf(allowance);
    headers.set("retry-after", String(seconds));
    throw new RequestError("RATE_LIMITED", { retryAfter: seconds });
  }

  return {
    id,
    ip,
    browser: browserOf(request),
    site,
    headers,
    signal: request.signal,
    isReady: rooms.isReady,
    hasRedis: () => rooms.limiter.isConnected(),
    async identify() {
      const asked = { db: rooms.db, cache: rooms.cache, now: new Date(), requestId: id };
      const actor = await identifyAdministrator(request, asked, site.publicUrl);
      if (site.perMinute) {
        await take(
          { name: "admin", kind: "window", max: site.perMinute, windowMs: MINUTE },
          `session ${actor.session?.id}`,
        );
      }
      return actor;
    },
    async takeSignIn(subject) {
      if (request.headers.has("sec-fetch-site")) requireOurSite(request, site.publicUrl);
      if (!site.signInsPerMinute) return;
      await take(
        subject === undefined
          ? { name: "admin sign-in", kind: "window", max: site.signInsPerMinute, windowMs: MINUTE }
          : { name: "admin account", kind: "window", max: 4 * site.signInsPerMinute, windowMs: MINUTE },
        subject ?? ip,
      );
    },
    async open(actor) {
      const settings = await rooms.cache.getOrLoad("settings", async () => ({
        value: await readSettings(rooms.db),
        invalidationTag: tagOfAll("setting"),
      }));
      return {
        db: rooms.db,
        actor,
        now: new Date(),
        settings: settings ?? defaultSettings,
        requestId: id,
        cache: rooms.cache,
        heartbeats: rooms.heartbeats,
        cipher: rooms.cipher,
      };
    },
  };
}

function tellAllowance(headers: Headers, allowance: Allowance): void {
  headers.set("ratelimit-limit", String(allowance.limit));
  headers.set("ratelimit-remaining", String(allowance.remaining));
  headers.set("ratelimit-reset", String(secondsOf(allowance)));
}

function secondsOf(allowance: Allowance): number {
  return Math.max(1, Math.ceil(allowance.reset / 1000));
}
