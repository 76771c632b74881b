// One request and what is known of it, the same for REST, tRPC, pages and files.
import type { IncomingMessage } from "node:http";
import type { Database } from "../../db/connect.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import type { Actor } from "../domain/actor.ts";
import type { Context, LookupContext, RequestSubject } from "../domain/context.ts";
import { defaultSettings, type Settings } from "../domain/settings/schema.ts";
import { cleanLine } from "../domain/text.ts";
import type { Allowance, Limit } from "./rate_limiter.ts";
import type { ApiErrorCode } from "./error_messages.ts";
import { type ApiError, RequestError } from "./request_error.ts";
import { newRequestId, requestSpan } from "./request_spans.ts";
import type { AppServices } from "./services.ts";

/** What a listener adds to a request. */
export interface Peer {
  /** The address at the other end of the connection. */
  peer: string;
  /**
   * Whether the connection can be closed before a body has arrived. `Deno.serve` would keep it open without reading; left
   * alone it receives the rest and drops it.
   */
  isClosable?: boolean;
  /** The request as node:http received it. */
  incoming?: IncomingMessage;
}

/** When to try again while the database is unavailable; seconds. */
const RETRY_UNAVAILABLE_AFTER = 1;

export class RequestContext implements RequestSubject {
  /** Its span; null while traces are off. */
  readonly span = requestSpan();
  /** The caller's own `X-Request-Id` where it is a plain one, or a new one. */
  readonly id: string;
  /** One instant for the whole request. */
  readonly now: Date;
  /** From `performance.now()`; milliseconds. */
  readonly startedAt = performance.now();
  /** The caller's address, as far as it can be trusted. */
  readonly address: string;
  /** Who calls; null until that is known. */
  actor: Actor | null = null;
  /** Of the limits that were counted, the one nearest to its end. */
  allowance: Allowance | null = null;
  /** The limit of that allowance. */
  limit: Limit | null = null;
  /** The code of the error it is answered with, for the log. */
  errorCode: ApiErrorCode | null = null;
  licenseId: number | null = null;
  activationId: number | null = null;
  denial: RequestSubject["denial"] = null;
  /** Seconds after which the client may try again; null where no error says so. */
  retryAfter: number | null = null;
  /** `Set-Cookie` headers of the answer. */
  readonly cookies: string[] = [];

  /** Whether the listener can close the connection before the body has arrived. */
  readonly isClosable: boolean;
  /** The request as node:http received it; null with `Deno.serve`. */
  readonly incoming: IncomingMessage | null;

  constructor(readonly services: AppServices, readonly raw: Request, peer: Peer) {
    this.now = services.clock.now();
    this.isClosable = peer.isClosable ?? false;
    this.incoming = peer.incoming ?? null;
    const given = this.header("x-request-id");
    this.id = given !== null && /^[\w.-]{1,64}$/.test(given) ? given : newRequestId(this.span);
    this.address = services.addressOf(peer.peer, this.header("x-forwarded-for"));
  }

  /**
   * A header; null when it was not sent. On `node` it is read where node:http left it: a `Headers` object of all that were sent
   * costs more than the few that a call looks at.
   *
   * @param name in lower case
   */
  header(name: string): string | null {
    if (!this.incoming) return this.raw.headers.get(name);
    const value = this.incoming.headers[name];
    return typeof value === "string" ? value : value?.join(", ") ?? null;
  }

  /** What the browser or program calls itself; at most 200 characters. */
  get userAgent(): string {
    return cleanLine(this.header("user-agent") ?? "", 200) || "unknown";
  }

  /** The database for as long as this request may wait for it, all its statements together. */
  get #db(): Database {
    return this.#limitedDb ??= withBudget(this.services.db, this.databaseTime);
  }

  /** How long it may still wait for the database. */
  get databaseTime(): TimeBudget {
    return this.#databaseTime ??= new TimeBudget(this.services.databaseTimeout);
  }

  #limitedDb: Database | null = null;
  #databaseTime: TimeBudget | null = null;

  /** A stream goes on: what follows has the time of a new request. */
  renewTime(): void {
    this.#limitedDb = this.#databaseTime = null;
  }

  /** The context of verbs that find out who calls. */
  lookup(now = this.now): LookupContext {
    return { db: this.#db, cache: this.services.cache, now, requestId: this.id };
  }

  /**
   * The context of the domain's verbs. Nothing else builds one for a request.
   *
   * @param now another instant, for a long-lived subscription
   */
  open(actor: Actor, settings: Settings, now = this.now): Context {
    const { batches, balances, cache, replica, heartbeats, cipher, attempts, identityProvider } =
      this.services;
    return {
      db: this.#db,
      actor,
      now,
      settings,
      abortSignal: () => this.raw.signal,
      requestId: this.id,
      subject: this,
      traceparent: this.span?.traceparent,
      address: this.address,
      attempts,
      signInPolicy: identityProvider?.signInPolicy,
      cache,
      replica: replica?.within(this.databaseTime),
      heartbeats,
      batches,
      balances,
      cipher,
    };
  }

  /** The same for imports and exports, each of whose statements has a limit of its own. */
  openTransfer(actor: Actor, settings: Settings): Context {
    const { transferDb, replica } = this.services;
    return { ...this.open(actor, settings), db: transferDb, replica: replica?.within(null) };
  }

  /** The same for answers that do not depend on the database. */
  openWithoutDatabase(actor: Actor): Context {
    return this.open(actor, defaultSettings);
  }

  /**
   * Counts the request against a limit.
   *
   * @throws RequestError RATE_LIMITED
   */
  consume(limit: Limit, subject: string): void | Promise<void> {
    const allowance = this.services.limiter.consume(limit, subject);
    return allowance instanceof Promise
      ? allowance.then((allowance) => this.#apply(limit, allowance))
      : this.#apply(limit, allowance);
  }

  /** Takes over from an error when the client may try again. */
  noteRetryAfter({ code, facts }: ApiError): void {
    if (code === "UNAVAILABLE") this.retryAfter = RETRY_UNAVAILABLE_AFTER;
    else if ("retryAfter" in facts) this.retryAfter = facts.retryAfter;
  }

  #apply(limit: Limit, allowance: Allowance): void {
    const { allowance: nearest } = this;
    if (!nearest || !allowance.allowed || allowance.remaining < nearest.remaining) {
      this.allowance = allowance;
      this.limit = limit;
    }
    if (!allowance.allowed) throw new RequestError("RATE_LIMITED", { retryAfter: secondsUntil(allowance) });
  }
}

/** Seconds until a limit allows another request; at least 1. */
export function secondsUntil({ reset }: Allowance): number {
  return Math.max(1, Math.ceil(reset / 1000));
}

/** The subject of limits on callers: each of an administrator's tokens has its own count. */
export function limitSubject(actor: Actor): string {
  if (actor.kind === "administrator" && actor.session) return `session ${actor.session.id}`;
  return "id" in actor ? `${actor.kind} ${actor.id}` : actor.kind;
}
