// The form of the cases.
import { COMPONENTS, DAY, FINGERPRINT, ISSUED, LICENSE_KEY, PRODUCT } from "./samples.ts";
import { productKey } from "./signer.ts";

/** A case: what is given, what comes of it, and why. */
export interface Case<Given = unknown, Expected = unknown> {
  name: string;
  reason: string;
  given: Given;
  expected: Expected;
  /** Of each status list that is given why it is refused; null: it is not. */
  lists?: (string | null)[];
}

/** The public part of a key, as far as it is used. */
export interface PublicKey {
  kid: string;
  x: string;
}

/** What an app has seen, and keeps. */
export interface Kept {
  /** The latest trusted time; seconds since 1970. */
  trusted: number;
  /** The greatest `seq` by activation. */
  seq: Record<string, number>;
  /** The latest `iat` by address of a status list. */
  lists: Record<string, number>;
  /** The activations that were given back. */
  removed: Record<string, { seq: number }>;
}

/** What a license file is checked with. */
export interface FileGiven {
  file: string;
  keys: PublicKey[];
  app: { product: string; version: string; released: string | null };
  device: { fingerprint: string; license_key: string | null; components?: Record<string, string> };
  /** The clock; seconds since 1970. */
  now: number;
  kept: Kept;
  /** Status lists that the app has. */
  lists: string[];
}

/** The state, and the reason of docs/offline.md; null where the license may be used. */
export interface FileExpected {
  state: string;
  reason: string | null;
}

export type FileCase = Case<FileGiven, FileExpected>;

/** What is given otherwise than by default. */
export interface Differing extends Partial<Omit<FileGiven, "app" | "device" | "kept" | "file">> {
  app?: Partial<FileGiven["app"]>;
  device?: Partial<FileGiven["device"]>;
  kept?: Partial<Kept>;
}

const statesOfReasons: Record<string, string> = {
  malformed: "invalid",
  wrong_type: "invalid",
  wrong_algorithm: "invalid",
  unknown_key: "invalid",
  wrong_signature: "invalid",
  not_decrypted: "wrong_machine",
  other_product: "invalid",
  clock_set_back: "clock_tampered",
  not_yet_valid: "clock_tampered",
  other_machine: "wrong_machine",
  removed: "not_activated",
  older_file: "invalid",
  revoked: "revoked",
  file_ended: "expired",
  version_not_covered: "version_not_entitled",
  released_later: "version_not_entitled",
  license_ended: "expired",
};

/**
 * A case of a license file, a day after it was issued unless it says otherwise.
 *
 * @param result `valid`, `grace`, or the reason of another state
 */
export async function fileCase(
  name: string,
  reason: string,
  file: string | Promise<string>,
  result: string,
  { app, device, kept, ...given }: Differing = {},
): Promise<FileCase> {
  const state = statesOfReasons[result];
  return {
    name,
    reason,
    given: {
      file: await file,
      keys: [productKey.publicKey],
      app: { product: PRODUCT, version: "2.1.0", released: "2026-02-15", ...app },
      device: { fingerprint: FINGERPRINT, license_key: LICENSE_KEY, components: COMPONENTS, ...device },
      now: ISSUED + DAY,
      kept: { trusted: 0, seq: {}, lists: {}, removed: {}, ...kept },
      lists: [],
      ...given,
    },
    expected: state === undefined ? { state: result, reason: null } : { state, reason: result },
  };
}
