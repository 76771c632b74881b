// Metered use: units are counted at once, or reserved for work that may fail.
import type { Body } from "./api.ts";
import type { LicenseCall } from "./seats.ts";

/** A meter after a call. */
export interface Meter {
  /** Two answers with the same id are one count. */
  id: string;
  used: number;
  reserved: number;
  /** Null: no limit. */
  limit: number | null;
  remaining: number | null;
}

export interface Reservation extends Meter {
  reservation: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export class Usage {
  readonly #call: LicenseCall;
  readonly #version: string;

  constructor(call: LicenseCall, version: string) {
    this.#call = call;
    this.#version = version;
  }

  /** Counts units: all of them or none. @throws LatchkeyError `USAGE_LIMIT_REACHED` and others */
  async increment(meter: string, amount = 1): Promise<Meter> {
    return meterOf(await this.#post("increment", { ...await this.#use(meter, amount) }));
  }

  /** Holds units for so many seconds. @throws LatchkeyError `USAGE_LIMIT_REACHED` and others */
  async reserve(meter: string, amount = 1, ttl = 60): Promise<Reservation> {
    const answer = await this.#post("reserve", { ...await this.#use(meter, amount), ttl });
    const { reservation, expires_at: expiresAt } = answer;
    return { ...meterOf(answer), reservation: String(reservation), expiresAt: Date.parse(String(expiresAt)) };
  }

  /** Counts what was reserved, or less. @throws LatchkeyError `RESERVATION_ENDED` and others */
  async commit(reservation: string, amount?: number): Promise<Meter> {
    return meterOf(await this.#post("commit", { reservation, amount }));
  }

  /** Gives back what was reserved. @throws LatchkeyError */
  async release(reservation: string): Promise<Meter> {
    return meterOf(await this.#post("release", { reservation }));
  }

  #post(name: string, body: Body): Promise<Body> {
    return this.#call.api.post(`/api/license/usage/${name}`, body);
  }

  async #use(meter: string, amount: number): Promise<Body> {
    return {
      license_key: await this.#call.licenseKey(),
      hardware_hash: this.#call.device.fingerprint,
      app_version: this.#version,
      meter,
      amount,
    };
  }
}

function meterOf(answer: Body): Meter {
  const { id, used, reserved, limit, remaining } = answer as unknown as Meter;
  return { id, used, reserved, limit, remaining };
}
