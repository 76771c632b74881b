// A customer with apps, and the server of their vendor, whose days the test sets.
import { Buffer } from "node:buffer";
import { addDays, dayOf } from "../../../server/domain/calendar.ts";
import type { NewLicense } from "../../../server/domain/licenses/issue.ts";
import { makeAdministrator } from "../administrators.ts";
import { offlineProduct, unarmour } from "../license_files.ts";
import { startTestServer } from "../server.ts";
import { setServerClock } from "../server_clock.ts";
import { Cases } from "./agree.ts";
import { App } from "./app.ts";
import type { Key } from "./signed.ts";

export async function startCustomer() {
  const server = await startTestServer();
  const clock = setServerClock(server);
  const { product, makeOffline } = await offlineProduct(server);
  const keys: Key[] = (await server.get(`/.well-known/jwks/${product.code}.json`)).body.keys;
  const cases = new Cases();
  /** The day of noon so many days after the first. */
  const day = (days: number) => addDays(dayOf(new Date(clock.at(0) * 1000)), days);
  return {
    server,
    ...clock,
    day,
    cases,
    /** A manager who signs in today. */
    administrator: () => makeAdministrator(server, "manager"),
    /** An app that is activated, with the id of its license. */
    async install(terms: Partial<NewLicense> = {}, components?: Record<string, string>) {
      const { license } = await makeOffline({ validFrom: day(-400), ...terms }, components);
      const app = new App({
        url: server.url,
        apiKey: server.apiKey,
        product: product.code,
        licenseKey: license.key,
        fingerprint: "machine-1",
        components,
        released: day(-10),
        keys,
        cases,
      });
      return { app, id: license.id };
    },
  };
}

/** What a file says, unverified. */
// deno-lint-ignore no-explicit-any
export function claimsOf(file: string | null): any {
  return JSON.parse(Buffer.from(unarmour(file!).split(".")[1], "base64url").toString());
}
