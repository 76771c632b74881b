// Sessions of concurrent users: one is started, renewed while the app runs, and ended with it.
import type { Api, Body } from "./api.ts";
import type { Device } from "./device.ts";
import type { Clock } from "./environment.ts";
import { LatchkeyError } from "./errors.ts";

/** What calls about the license need. */
export interface LicenseCall {
  api: Api;
  device: Device;
  licenseKey(): Promise<string>;
}

export interface Session {
  id: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  activeSessions: number;
  maxUsers: number;
}

export class Seats {
  readonly #call: LicenseCall;
  readonly #clock: Clock;
  #session: Session | null = null;
  #cancel: (() => void) | null = null;
  #starting: Promise<Session> | null = null;

  constructor(call: LicenseCall, clock: Clock) {
    this.#call = call;
    this.#clock = clock;
  }

  /** The session that was started; null: none, or it was lost. */
  get session(): Session | null {
    return this.#session;
  }

  /** Starts a session and renews it until it is ended. @throws LatchkeyError `SESSION_LIMIT_REACHED` and others */
  start(): Promise<Session> {
    return this.#starting ??= this.#start().finally(() => this.#starting = null);
  }

  async #start(): Promise<Session> {
    const { api, device, licenseKey } = this.#call;
    const answer = await api.post("/api/license/session/start", {
      license_key: await licenseKey(),
      hardware_hash: device.fingerprint,
      session_id: this.#session?.id,
    });
    return this.#keep(answer);
  }

  /** Ends the session. @throws LatchkeyError */
  async end(): Promise<void> {
    const session = this.#session;
    this.stop();
    this.#session = null;
    if (session) await this.#call.api.post("/api/license/session/end", { session_id: session.id });
  }

  /** Ends renewing. The session ends by itself then. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #keep(answer: Body): Session {
    this.#session = sessionOf(answer);
    this.stop();
    // A third of its time, so that two renewals may fail.
    const delay = Math.max(1000, (this.#session.expiresAt - this.#clock.now()) / 3);
    this.#cancel = this.#clock.after(delay, () => void this.#renew());
    return this.#session;
  }

  async #renew(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    try {
      const answer = await this.#call.api.post("/api/license/session/heartbeat", { session_id: session.id });
      if (this.#session === session && this.#cancel) this.#keep(answer);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      const isLost = error.status >= 400 && error.status < 500 && error.status !== 429;
      if (isLost) this.#session = null;
      else if (this.#session === session && this.#cancel) {
        this.#cancel = this.#clock.after(5000, () => void this.#renew());
      }
    }
  }
}

/** @throws LatchkeyError for an answer that is none of the server's */
function sessionOf(
  { session_id: id, expires_at: end, active_sessions: active, max_users: most }: Body,
): Session {
  const expiresAt = Date.parse(String(end));
  if (typeof id !== "string" || Number.isNaN(expiresAt)) {
    throw new LatchkeyError({
      code: "UNTRUSTED_ANSWER",
      message: "The answer is not that of a license server.",
      status: 200,
    });
  }
  return { id, expiresAt, activeSessions: Number(active), maxUsers: Number(most) };
}
