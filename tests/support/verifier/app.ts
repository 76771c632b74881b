// An app of a customer: what it does online and offline, through the documented calls, and what it keeps.
import type { Cases } from "./agree.ts";
import type { Key } from "./signed.ts";
import type { Finding, Kept } from "./verifier.ts";

export interface AppOptions {
  /** Where the app finds its server, or what claims to be one. */
  url: string;
  apiKey: string;
  product: string;
  licenseKey: string;
  fingerprint: string;
  components?: Record<string, string>;
  version?: string;
  released?: string;
  /** The product's public keys, compiled in. */
  keys: Key[];
  /** Gets what the app verifies. */
  cases: Cases;
}

export type Expected = readonly [string, (string | null)?];

let nonces = 0;

export class App {
  file: string | null = null;
  kept: Kept = { trusted: 0, seq: {}, lists: {} };
  /** Status lists by address. */
  lists = new Map<string, string>();

  constructor(readonly options: AppOptions) {}

  /** Another machine to which the files of this one were copied, with what the app keeps or without it. */
  copy(options: Partial<AppOptions>, { withKept = false } = {}): App {
    const copy = new App({ ...this.options, ...options });
    copy.file = this.file;
    if (withKept) copy.kept = structuredClone(this.kept);
    return copy;
  }

  async call(path: string, body: object = {}): Promise<{ status: number; body: Record<string, unknown> }> {
    const { url, apiKey, licenseKey, fingerprint, components } = this.options;
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": apiKey },
      body: JSON.stringify({ license_key: licenseKey, hardware_hash: fingerprint, components, ...body }),
    });
    return { status: response.status, body: await response.json() };
  }

  async checkOut(more: object = {}): Promise<void> {
    const { status, body } = await this.call("/api/license/checkout", more);
    if (status !== 200) throw new Error(JSON.stringify(body));
    this.file = body.license_file as string;
  }

  /** Asks the server whether the license is valid, and believes a signed answer alone. Takes the new file that comes with it. */
  async askServer(name: string, expected: Expected = ["trusted"]): Promise<Record<string, unknown> | null> {
    const { product, keys, cases, licenseKey, fingerprint } = this.options;
    const nonce = `nonce-${crypto.randomUUID()}-${++nonces}`;
    const { body } = await this.call("/api/license/verify", { nonce, file: this.file ?? true });
    const validation = typeof body.signature === "string" ? body.signature : "";
    const sent = { nonce, product, license_key: licenseKey, fingerprint };
    const { state } = await cases.expect(name, { validation, keys, sent }, expected);
    if (state !== "trusted") return null;
    const claims = JSON.parse(atob(validation.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    this.kept.trusted = Math.max(this.kept.trusted, claims.iat);
    if (typeof body.license_file === "string") this.file = body.license_file;
    return claims;
  }

  /** Gets the status list of a file. */
  async fetchList(uri: string): Promise<void> {
    const response = await fetch(this.options.url + new URL(uri).pathname);
    if (response.ok) this.lists.set(uri, await response.text());
    else await response.body?.cancel();
  }

  /** Decides by its file alone; `now` is its clock in seconds. */
  async start(name: string, now: number, expected: Expected): Promise<Finding> {
    const { product, keys, fingerprint, licenseKey, components, version = "2.1.0", released = null } =
      this.options;
    const finding = await this.options.cases.expect(name, {
      file: this.file ?? "",
      keys,
      lists: [...this.lists.values()],
      app: { product, version, released },
      device: { fingerprint, license_key: licenseKey, ...components ? { components } : {} },
      now,
      kept: this.kept,
    }, expected);
    this.kept = finding.kept!;
    return finding;
  }
}
