// The context of a verb: database, actor, time, settings and request-scoped services. The domain reads no clock, no
// environment and no transport; adapters provide all of it here.
import { type Db, transaction } from "../../db/connect.ts";
import type { Actor } from "./actor.ts";
import type { AttemptCounter } from "./attempts/attempt_counter.ts";
import type { CacheTag } from "./events/catalogue/cache_tags.ts";
import { mapConstraintErrors } from "./constraint_errors.ts";
import type { BalanceCache } from "./meters/balance_cache.ts";
import type { DenialCode } from "./policy/evaluate.ts";
import type { Replica } from "./replica.ts";
import type { Settings } from "./settings/schema.ts";

export interface Context {
  db: Db;
  actor: Actor;
  /** The time of the request; every statement and event of it uses the same instant. */
  now: Date;
  settings: Settings;
  /** The id in the server's log; null outside a request. */
  requestId: string | null;
  /** What the request turns out to be about, for the log of requests; absent outside a request. */
  subject?: RequestSubject;
  /** What traces the work, in the form of W3C Trace Context; absent while traces are off. */
  traceparent?: string;
  /** The client's IP address as determined by the trusted proxies; absent outside a request. */
  address?: string;
  /** Aborts when the client has closed its connection; absent outside a request. */
  abortSignal?(): AbortSignal;
  /** Whether passwords open sessions; absent outside a request, where they do. */
  signInPolicy?: SignInPolicy;
  /** Limits attempts to sign in; absent outside a request, and where the configuration does not limit them. */
  attempts?: AttemptCounter;
  cache: Cache;
  /** A copy of the database that may be behind; absent where there is none. */
  replica?: Replica;
  heartbeats: HeartbeatWriter;
  /** Shares statements with other requests; absent outside a request. */
  batches?: Batches;
  /** The balances of meters that validations show; absent outside a request. */
  balances?: BalanceCache;
  /** Encrypts secrets that have to be read again. */
  cipher: Cipher;
  /** Inside a transaction: the tags that its events invalidate. */
  changedTags?: Set<CacheTag>;
}

/** What a request turned out to be about. Verbs note it as they find it. */
export interface RequestSubject {
  licenseId: number | null;
  activationId: number | null;
  /** Why the license may not be used, where that is the answer and no error. */
  denial: DenialCode | "NO_ENTITLEMENT" | null;
}

/** Notes the license and the activation that a request is about. */
export function noteSubject(
  { subject }: Pick<Context, "subject">,
  licenseId: number,
  activationId: number | null,
): void {
  if (!subject) return;
  subject.licenseId = licenseId;
  subject.activationId = activationId;
}

/** The context while the caller is being authenticated: there is no actor yet. */
export type LookupContext = Pick<Context, "db" | "cache" | "now" | "requestId">;

/** A loaded value and the tag that invalidates it, such as "license:12"; null: the value is not cached. */
export interface CacheEntry<T> {
  value: T;
  invalidationTag: CacheTag | null;
}

export interface Cache {
  /**
   * Returns the cached value of `key`, or loads and caches it. A value is at most one second older than the database.
   * It is shared between requests and must not be modified.
   */
  getOrLoad<T extends object>(
    key: string,
    load: () => Promise<CacheEntry<T> | null>,
  ): T | null | Promise<T | null>;
  /**
   * The same for values of which there may be a million: each is kept in some hundred bytes, and every caller gets a copy of
   * it. One `packing` is used with this.
   *
   * @param options.isShared whether callers who wait for the same key share one load; not inside a transaction
   */
  getOrLoadPacked<T extends object>(
    packing: Packing<T>,
    key: PackedKey,
    load: () => Promise<CacheEntry<T> | null>,
    options: { isShared: boolean },
  ): T | null | Promise<T | null>;
  /** Replaces the number of a packed value, if it is cached. */
  replaceNumber(key: PackedKey, number: number): void;
  /**
   * Removes the entries of a tag from this process immediately. Other processes remove them when the change commits.
   */
  invalidate(tag: CacheTag): void;
}

/** A key of two parts of at most 255 characters. */
export type PackedKey = readonly [string, string];

/** How a value is written into bytes, and read again. One number of it can be replaced while it is cached. */
export interface Packing<T> {
  pack(value: T, writer: { number(value: number): void; text(value: string): void }, key: PackedKey): void;
  numberOf(value: T): number;
  unpack(reader: { number(): number; text(): string }, number: number, key: PackedKey): T;
}

/** A heartbeat received from a machine. */
export interface Heartbeat {
  activationId: number;
  at: Date;
  appVersion: string | null;
}

/** A number of heartbeats of one activation that were refused by the rate limit. */
export interface RefusedHeartbeats {
  activationId: number;
  at: Date;
  count: number;
}

/** Writes heartbeats in batches. */
export interface HeartbeatWriter {
  /** Resolves when the heartbeat is written. */
  write(heartbeat: Heartbeat): Promise<void>;
  /** Writes the heartbeat within a second; it is lost if the process dies before. */
  writeLater(heartbeat: Heartbeat): void;
  /** Counts a refused heartbeat; counts are written every few seconds. */
  countRefused(refused: Omit<RefusedHeartbeats, "count">): void;
  /** Records the first successful verification ever; later calls do nothing. Does not block the caller. */
  recordVerified(at: Date): void;
}

/**
 * Work for the items of several callers: a statement, or a transaction of a few. An item without a result (null) is
 * undecided, and nothing was done for it.
 *
 * @param options.waits whether it waits for rows that another transaction has locked; otherwise their items are undecided,
 *   so that no caller waits for what another one needs
 */
export type SharedWork<Item, Result> = (
  db: Db,
  items: Item[],
  options: { waits: boolean },
) => Promise<(Result | null)[]>;

/** Runs work for callers that wait at the same time, for `runShared`. */
export interface Batches {
  /**
   * Adds an item to the next batch of the work; the first one waits for no others. It waits as long as `db` may. Null when
   * the item is undecided, also because of another one's error; nothing was done for it then.
   *
   * @throws ConnectionError, PostgresError when the database is unavailable; whether the work took effect may be unknown
   */
  add<Item, Result>(db: Db, work: SharedWork<Item, Result>, item: Item): Promise<Result | null>;
}

/** Who signs in by what. */
export interface SignInPolicy {
  /** Whether only the identity provider opens sessions. */
  isProviderRequired: boolean;
  /** The address of the owner whose password is accepted all the same. */
  breakGlass: string | null;
}

/** Encryption at rest. */
export interface Cipher {
  /** Encrypts bytes or text. What was encrypted for one purpose cannot be decrypted for another. */
  encrypt(purpose: string, content: Uint8Array | string): Uint8Array;
  /** @throws Error when the text was encrypted with another key or modified since */
  decrypt(purpose: string, ciphertext: Uint8Array): Uint8Array;
}

/** What a transaction needs of a context. */
interface TransactionContext {
  db: Db;
  cache?: Pick<Cache, "invalidate">;
  replica?: Pick<Replica, "noteWrite">;
  changedTags?: Set<CacheTag>;
}

/**
 * Runs `work` in a transaction, or in a savepoint of the current one. After the commit, what the recorded events
 * invalidate is removed from this process's cache, so that its next request sees the change; the other processes are
 * notified by the database.
 *
 * @throws DomainError for constraint violations that have a meaning, see `mapConstraintErrors`
 */
export async function inTransaction<Ctx extends TransactionContext, T>(
  ctx: Ctx,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  const changedTags = ctx.changedTags ?? new Set<CacheTag>();
  const result = await mapConstraintErrors(() =>
    transaction(ctx.db, (db) => work({ ...ctx, db, changedTags }))
  );
  if (!ctx.changedTags) {
    for (const tag of changedTags) ctx.cache?.invalidate(tag);
    ctx.replica?.noteWrite();
  }
  return result;
}

/** @throws Error outside a transaction, where a lock would end with its statement */
export function requireTransaction({ changedTags }: Pick<Context, "changedTags">): void {
  if (!changedTags) throw new Error("a lock outside a transaction");
}
