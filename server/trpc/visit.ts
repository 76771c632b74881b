// One request at the panel's door: who it comes from, what it may cost, and the context its procedures get.
import { browserOf, identifyAdministrator, requireOurSite } from "../credentials.ts";
import type { AdministratorActor } from "../domain/administrators/administrator.ts";
import type { Actor, Context, Memory, Seal, SignsOfLife } from "../domain/context.ts";
import type { AllowedNetworks } from "../domain/webhooks/address.ts";
import { refuse } from "../domain/refusals.ts";
import { defaultSettings, readSettings } from "../domain/settings.ts";
import type { Database } from "../../db/connect.ts";
import type { Allowance, Limit, Limiter } from "../limits.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";

/** What this door gets from the program that opens it. */
export interface Rooms {
  db: Database;
  memory: Memory;
  signs: SignsOfLife;
  seal: Seal;
  limiter: Limiter;
  log: Log;
  metrics: Metrics;
  addressOf(peer: string, forwarded: string | null): string;
  isOpen(): boolean;
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

export interface Visit {
  id: string;
  ip: string;
  browser: string;
  site: Site;
  /** Headers of the answer. */
  headers: Headers;
  /** Ends when the caller leaves. */
  signal: AbortSignal;
  /** Whether the server goes on taking requests. */
  isOpen(): boolean;
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

export function receive(rooms: Rooms, site: Site, request: Request, peer: string): Visit {
  const given = request.headers.get("x-request-id");
  const id = given && /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID();
  const ip = rooms.addressOf(peer, request.headers.get("x-forwarded-for"));
  const headers = new Headers({ "x-request-id": id, "cache-control": "no-store" });

  async function take(limit: Limit, subject: string): Promise<void> {
    const allowance = await rooms.limiter.take(limit, subject);
    tellAllowance(headers, allowance);
    if (allowance.allowed) return;
    const seconds = secondsOf(allowance);
    headers.set("retry-after", String(seconds));
    refuse("RATE_LIMITED", { retry_after: seconds });
  }

  return {
    id,
    ip,
    browser: browserOf(request),
    site,
    headers,
    signal: request.signal,
    isOpen: rooms.isOpen,
    hasRedis: () => rooms.limiter.shared(),
    async identify() {
      const asked = { db: rooms.db, memory: rooms.memory, now: new Date() };
      const actor = await identifyAdministrator(request, asked, site.publicUrl);
      if (site.perMinute) {
        await take(
          { name: "admin", kind: "window", most: site.perMinute, per: MINUTE },
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
          ? { name: "admin sign-in", kind: "window", most: site.signInsPerMinute, per: MINUTE }
          : { name: "admin account", kind: "window", most: 4 * site.signInsPerMinute, per: MINUTE },
        subject ?? ip,
      );
    },
    async open(actor) {
      const settings = await rooms.memory.recall("settings", async () => ({
        value: await readSettings(rooms.db),
        until: "settings",
      }));
      return {
        db: rooms.db,
        actor,
        now: new Date(),
        settings: settings ?? defaultSettings,
        requestId: id,
        memory: rooms.memory,
        signs: rooms.signs,
        seal: rooms.seal,
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
