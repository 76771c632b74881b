// Bad options are refused when a client is made.
import type { Trial } from "./trial.ts";

export async function options(trial: Trial): Promise<void> {
  const key = { kid: "a", x: "A".repeat(43) };
  const bad: [string, Record<string, unknown>][] = [
    ["an empty address", { url: "" }],
    ["an address without a scheme", { url: "licenses.example.com" }],
    ["an address of another scheme", { url: "ftp://licenses.example.com" }],
    ["an empty API key", { api_key: "" }],
    ["an API key of two lines", { api_key: "a\r\nb: c" }],
    ["an empty product", { product: "" }],
    ["no public keys", { public_keys: [] }],
    ["a public key that is too short", { public_keys: [{ ...key, x: "AAAA" }] }],
    ["a public key that is no base64url", { public_keys: [{ ...key, x: "+".repeat(43) }] }],
    ["an empty fingerprint", { fingerprint: "" }],
    ["a negative time limit", { timeout: -1 }],
    ["no time", { timeout: 0 }],
    ["no attempts", { attempts: 0 }],
    ["a negative delay", { first_delay: -1 }],
    ["a negative interval", { refresh_interval: -5 }],
    ["a negative time of freshness", { fresh_for: -5 }],
    ["a negative time offline", { offline_grace: -5 }],
    ["a day that is none", { released: "2026-02-31" }],
  ];
  for (const [name, given] of bad) {
    trial.step(name);
    const { error, ...answer } = await trial.opened(given);
    trial.check("open", error?.code === "INVALID_OPTIONS", error?.code ?? answer, "an error INVALID_OPTIONS");
    if (error) trial.check("message", !!error.message, error.message, "a text that says what is wrong");
  }
  trial.step("good options");
  for (
    const given of [{}, { url: "http://127.0.0.1:9/" }, { url: "https://example.com/licenses" }, {
      released: null,
    }]
  ) {
    trial.equal(`open with ${JSON.stringify(given)}`, await trial.opened(given), { ok: true });
  }
}
