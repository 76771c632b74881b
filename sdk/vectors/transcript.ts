// The form of a transcript, and the exchanges that many of them have.
import type { ValidationClaims } from "../../server/domain/activations/signed_validation.ts";
import type { Case } from "./cases.ts";
import { DAY, FINGERPRINT, ISSUED, LICENSE_KEY, PRODUCT } from "./samples.ts";
import { productKey, signed, type VectorKey } from "./signer.ts";
import { NONCE, validationClaims } from "./validation_cases.ts";

/** A request that the library has to make, as far as it is told, and what comes of it; status 0: the server is not reached. */
export interface Exchange {
  path: string;
  /** Members of the body. */
  sends?: Record<string, unknown>;
  status: number;
  body?: unknown;
}

export interface Step {
  /** Seconds since 1970. */
  at: number;
  do:
    | "status"
    | "activate"
    | "refresh"
    | "deactivate"
    | "check_out"
    | "check_in"
    | "install_file"
    | "install_status_list"
    | "restart";
  /** The license key, file or list. */
  with?: string;
  exchanges: Exchange[];
  /** The state afterwards; `error` is the code of what went wrong. */
  expect: { state: string; error?: string };
}

/** The random bytes of all nonces are 1, so that they are `AQEBAQEBAQEBAQEBAQEBAQ`. Calls are not repeated. */
export interface Transcript {
  keys: unknown[];
  app: { product: string; version: string; released: string };
  device: { fingerprint: string };
  /** Seconds: how long a validation is fresh, and how long it is used offline. */
  fresh_for: number;
  offline_grace: number;
  steps: Step[];
}

export const call = { license_key: LICENSE_KEY, hardware_hash: FINGERPRINT };
export const activated: Exchange = {
  path: "/api/license/activate",
  sends: call,
  status: 201,
  body: { message: "Activated" },
};
export const unreachable: Exchange = { path: "/api/license/verify", status: 0 };

export const refusal = (code: string, signature?: string) => ({
  error: { code, message: code },
  ...signature === undefined ? {} : { signature },
});

export async function verified(
  replaced: Partial<ValidationClaims> & { file?: string; key?: VectorKey } = {},
): Promise<Exchange> {
  const { file, key, ...claims } = replaced;
  const signature = await signed("license-validation+jwt", validationClaims(claims), { key });
  const { valid = true, code = "VALID" } = claims;
  const body = { valid, code, signature, ...file === undefined ? {} : { license_file: file } };
  return { path: "/api/license/verify", sends: { ...call, nonce: NONCE }, status: 200, body };
}

/** A step on a day after the file was issued. @param more.error the code of what goes wrong */
export const step = (
  day: number,
  action: Step["do"],
  state: string,
  exchanges: Exchange[] = [],
  more: Partial<Step> & { error?: string } = {},
): Step => {
  const { error, ...rest } = more;
  return {
    at: ISSUED + day * DAY,
    do: action,
    exchanges,
    expect: { state, ...error ? { error } : {} },
    ...rest,
  };
};

/** A transcript of an app with the sample's product and device. */
export const transcript = (name: string, reason: string, ...steps: Step[]): Case<Transcript, null> => ({
  name,
  reason,
  given: {
    keys: [productKey.publicKey],
    app: { product: PRODUCT, version: "2.1.0", released: "2026-02-15" },
    device: { fingerprint: FINGERPRINT },
    fresh_for: DAY,
    offline_grace: 3 * DAY,
    steps,
  },
  expected: null,
});
