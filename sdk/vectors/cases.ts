// The form of the cases.
import { COMPONENTS, DAY, FINGERPRINT, ISSUED, LICENSE_KEY, PRODUCT } from "./samples.ts";
import { productKey } from "./signer.ts";

/** A case: what is given, what comes of it, and why. */
export interface Case<Given = unknown, Expected = unknown> {
  name: string;
  reason: string;
  given: Given;
  expected: Expected;
}

/** What a license file is checked with; `tests/support/verify_license_file.py` reads the same. */
export interface FileGiven {
  file: string;
  keys: unknown[];
  app: { product: string; version: string; released: string };
  device: { fingerprint: string; license_key: string; components?: Record<string, string> };
  /** Seconds since 1970. */
  now: number;
  trusted: number;
  seen: Record<string, number>;
  lists: string[];
}

/** A case of a license file, a day after it was issued unless it says otherwise. */
export function fileCase(
  name: string,
  reason: string,
  file: string,
  expected: string,
  given: Partial<Omit<FileGiven, "app" | "device">> & {
    app?: Partial<FileGiven["app"]>;
    device?: Partial<FileGiven["device"]>;
  } = {},
): Case<FileGiven, string> {
  return {
    name,
    reason,
    given: {
      file,
      keys: [productKey.publicKey],
      now: ISSUED + DAY,
      trusted: 0,
      seen: {},
      lists: [],
      ...given,
      app: { product: PRODUCT, version: "2.1.0", released: "2026-02-15", ...given.app },
      device: {
        fingerprint: FINGERPRINT,
        license_key: LICENSE_KEY,
        components: COMPONENTS,
        ...given.device,
      },
    },
    expected,
  };
}
