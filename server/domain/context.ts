// What every verb is handed: a way to the database, who asks, the one instant of the request, the owner's settings,
// and two favours from the house (remembering, and writing signs of life together). The domain knows no clock, no
// environment and no transport; all of it comes in here.
import { type Db, transaction } from "../../db/connect.ts";
import { mapConstraintErrors } from "./constraint_errors.ts";
import { refuse } from "./errors.ts";
import type { Settings } from "./settings/settings.ts";

export type Role = "viewer" | "manager" | "owner";

/** Who asks. */
export type Actor =
  | { kind: "anonymous" }
  | { kind: "api_key"; id: number; name: string; productId: number | null }
  | { kind: "user"; id: number; email: string; session?: { id: number; deviceId: string | null } }
  | { kind: "administrator"; id: number; name: string; role: Role; session?: AdministratorSession }
  | { kind: "system"; job: string };

/** The session an administrator calls from, and when they last showed who they are. */
export interface AdministratorSession {
  id: number;
  kind: "session" | "token";
  authenticatedAt: Date;
  hasSecondFactor: boolean;
}

/** Something loaded, and the notice that ends it ("license:12"); without one it is not kept. */
export interface CacheEntry<T> {
  value: T;
  invalidationTag: string | null;
}

export interface Cache {
  /**
   * The value kept under `key`, or what `load` finds. What is returned was true at most a second ago. A value found is
   * shared: treat it as read-only.
   */
  getOrLoad<T extends object>(
    key: string,
    load: () => Promise<CacheEntry<T> | null>,
  ): T | null | Promise<T | null>;
  /** Forgets what ends with a notice now, in this process; the others hear of it when the change commits. */
  invalidate(notice: string): void;
}

/** A machine was heard of. */
export interface Heartbeat {
  activationId: number;
  at: Date;
  appVersion: string | null;
}

/** Heartbeats of a machine that were refused for coming too often. */
export interface RefusedHeartbeats {
  activationId: number;
  at: Date;
  count: number;
}

export interface HeartbeatWriter {
  /** Settles once the sign is written. */
  write(sign: Heartbeat): Promise<void>;
  /** Writes it within a second; lost if the process dies before. */
  writeLater(sign: Heartbeat): void;
  /** Counts a heartbeat that was refused; written within some seconds. */
  countRefused(refused: Omit<RefusedHeartbeats, "count">): void;
  /** Notes that a verification succeeded; only the first ever is written, and waits for nobody. */
  recordVerified(at: Date): void;
}

export interface Cipher {
  /** Seals bytes or text for a purpose; what is sealed for one cannot be opened for another. */
  encrypt(purpose: string, content: Uint8Array | string): Uint8Array;
  /**
   * Opens what was sealed.
   *
   * @throws Error when it was sealed under another key or changed since
   */
  decrypt(purpose: string, sealed: Uint8Array): Uint8Array;
}

export interface Context {
  db: Db;
  actor: Actor;
  /** One instant for the whole request. */
  now: Date;
  settings: Settings;
  /** As in the server's log; null outside a request. */
  requestId: string | null;
  /** The address the request came from, as far as it can be trusted; not there outside a request. */
  address?: string;
  cache: Cache;
  heartbeats: HeartbeatWriter;
  /** For secrets that have to be read again. */
  cipher: Cipher;
}

/** What a verb needs that finds out who calls: there is no actor yet. */
export type LookupContext = Pick<Context, "db" | "cache" | "now" | "requestId">;

/** Runs `work` with a context whose statements are one transaction. */
export function inTransaction<Ctx extends { db: Db }, T>(
  ctx: Ctx,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  return mapConstraintErrors(() => transaction(ctx.db, (db) => work({ ...ctx, db })));
}

const rank: Record<Role, number> = { viewer: 1, manager: 2, owner: 3 };

/**
 * Asks whether the actor may do what a `role` may.
 *
 * @throws Refusal `FORBIDDEN`
 */
export function requireRole(ctx: Context, role: Role): void {
  const { actor } = ctx;
  if (actor.kind === "system") return;
  if (actor.kind === "administrator") {
    requireRank(actor, role);
    // An owner may demand second factors; who has none may do nothing but switch one on.
    if (ctx.settings.requireSecondFactor && actor.session?.hasSecondFactor === false) {
      refuse("SECOND_FACTOR_MISSING");
    }
    return;
  }
  refuse("FORBIDDEN", { required_role: role });
}

/**
 * Asks whether an administrator's role is enough.
 *
 * @throws Refusal `FORBIDDEN`
 */
export function requireRank(actor: { role: Role }, role: Role): void {
  if (rank[actor.role] < rank[role]) refuse("FORBIDDEN", { required_role: role });
}

/** How long a proof of who one is counts for dangerous things; milliseconds. */
const REAUTHENTICATE_AFTER = 15 * 60_000;

/**
 * Asks that an administrator has shown password, code or passkey within the last 15 minutes. A script's token never
 * has.
 *
 * @throws Refusal `REAUTHENTICATION_REQUIRED`
 */
export function requireRecentAuthentication(ctx: Context): void {
  const { actor } = ctx;
  if (actor.kind !== "administrator") return;
  const proved = actor.session?.kind === "session" ? actor.session.authenticatedAt.getTime() : -Infinity;
  if (ctx.now.getTime() - proved > REAUTHENTICATE_AFTER) refuse("REAUTHENTICATION_REQUIRED");
}

/** Whether the actor's API key, if it has one, may see what belongs to that product. */
export function maySeeProduct({ actor }: Context, productId: number): boolean {
  return actor.kind !== "api_key" || actor.productId === null || actor.productId === productId;
}

const DAY = 86_400_000;
let lastDay = { number: -1, text: "" };

/** The calendar day of an instant in UTC, "2026-01-31". */
export function dayOf(instant: Date): string {
  // Asked for the same day over and over, thousands of times a second.
  const number = Math.floor(instant.getTime() / DAY);
  if (number !== lastDay.number) lastDay = { number, text: instant.toISOString().slice(0, 10) };
  return lastDay.text;
}
