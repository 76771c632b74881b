// Every endpoint of administration and of client apps, called by real requests without a credential and with a wrong, an
// expired, a revoked and a too weak one.
import { listEndpoints } from "../../../server/app.ts";
import { complete, readEnvironment } from "../../../server/config.ts";
import type { Role } from "../../../server/domain/actor.ts";
import { createApiKey, revokeApiKey } from "../../../server/domain/api_keys/api_keys.ts";
import { createLimits } from "../../../server/request/limits.ts";
import { createSite } from "../../../server/request/services.ts";
import { callAs } from "../../support/call_as.ts";
import { pathOf, sampleInput } from "../../support/sample_input.ts";
import { testSecrets } from "../../support/secrets.ts";
import { bearer, makeAdministrator, signIn, withoutLimits } from "../accounts.ts";
import type { TortureRow } from "../row.ts";
import { type RealSystem, startSystem } from "../system.ts";

type Headers = Record<string, string>;

export const row: TortureRow = {
  fault: "every endpoint without a credential, with a wrong, expired, revoked and too weak credential",
  reach: "no unexpected success; a new endpoint without a rule fails the tests",
  coveredBy: ["tests/rules/authorisation_test.ts", "tests/rules/credential_failures_test.ts"],
  async run(size) {
    const system = await startSystem(size);
    try {
      const { url } = await system.startServer({ env: withoutLimits });
      const config = complete({
        ...readEnvironment({}),
        DATABASE_URL: system.databaseUrl,
        REDIS_URL: system.redisUrl,
        ...testSecrets,
      });
      const endpoints = listEndpoints({ limits: createLimits(config), site: createSite(config, {}) }, config)
        .filter(({ guard }) => guard.scheme !== null);
      const bad = await makeCredentials(system, url);
      let calls = 0;
      const accepted: string[] = [];
      for (const endpoint of endpoints) {
        const { method, path, guard } = endpoint;
        const tries: [string, Headers][] = [
          ...(guard.isOptional ? [] : [["no credential", {}] as [string, Headers]]),
          ...bad.always,
          ...(guard.role ? bad.weakerThan(guard.role) : []),
        ];
        for (const [name, headers] of tries) {
          calls++;
          const body = endpoint.body && sampleInput(endpoint.body);
          const { status } = await callAs(method, url + pathOf(endpoint), headers, body);
          if (![401, 403].includes(status)) accepted.push(`${method} ${path} with ${name}: ${status}`);
        }
      }
      return {
        held: endpoints.length > 100 && accepted.length === 0,
        figures: {
          endpoints: endpoints.length,
          calls,
          unexpected: accepted.slice(0, 5).join("; ") || "none",
        },
      };
    } finally {
      await system.stop();
    }
  },
};

/** Each bad credential in the headers of all schemes, so that every endpoint sees the one that it reads. */
async function makeCredentials(system: RealSystem, url: string) {
  const ctx = await system.ctx();
  const revoked = await createApiKey(ctx, { name: "revoked", productId: null });
  await revokeApiKey(ctx, revoked.row.id);
  const tokens = new Map<Role, string>();
  for (const role of ["viewer", "manager"] as const) {
    tokens.set(role, (await signIn(url, (await makeAdministrator(system, role)).email))!);
  }
  const [expired, ended] = await Promise.all(["expired", "ended"].map(async () => {
    const { id, email } = await makeAdministrator(system, "owner");
    return { id, token: (await signIn(url, email))! };
  }));
  await system.db`
    update administrator_sessions
    set expires_at = now() - interval '1 second'
    where administrator_id = ${expired.id}`;
  await system.db`
    update administrator_sessions
    set ended_at = now()
    where administrator_id = ${ended.id}`;
  const all = (token: string, key: string): Headers => ({ ...bearer(token), "x-api-key": key });
  const always: [string, Headers][] = [
    ["a wrong credential", all(`lka_${"A".repeat(43)}`, `lk_live_${"A".repeat(32)}`)],
    ["a forged token", all("a.b.c", "x")],
    ["an expired credential", all(expired.token, "lk_live_expired")],
    ["a revoked credential", all(ended.token, revoked.key)],
  ];
  const ranks: Role[] = ["viewer", "manager", "owner"];
  return {
    always,
    weakerThan: (role: Role): [string, Headers][] =>
      ranks.slice(0, ranks.indexOf(role)).map((weaker) => [`a ${weaker}`, bearer(tokens.get(weaker)!)]),
  };
}
