// The sections "Session Management API" and "Monitoring API" of the reference document, and the token that grants
// access to them only.
import assert from "node:assert/strict";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { startSeat } from "../../server/domain/seats/start.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { assertShape } from "../support/assert_shape.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const me = await makeAdministrator(server, "viewer");
const license = await makeLicense(ctx);
const machine = { licenseKey: license.key, hardwareId: "machine", machineName: null, appVersion: null };
await activateLicense(ctx, machine);
await startSeat(ctx, machine);

interface Example {
  call: string;
  request(): Promise<Reply>;
  shows: unknown;
}

const get = (path: string) => () => me.get(path);

const examples: Example[] = [
  {
    call: "GET /api/sessions/active-count",
    request: get("/api/sessions/active-count"),
    shows: { count: 42 },
  },
  {
    call: "GET /api/monitoring/live-stats",
    request: get("/api/monitoring/live-stats"),
    shows: {
      timestamp: "2025-06-19T14:30:00Z",
      metrics: {
        active_licenses: 850,
        total_activations: 2500,
        active_sessions: 1200,
        heartbeats_per_minute: 450,
      },
      alerts: [{
        type: "warning",
        message: "High CPU usage detected",
        timestamp: "2025-06-19T14:25:00Z",
      }],
    },
  },
  {
    call: "GET /api/monitoring/anomaly-stats",
    request: get("/api/monitoring/anomaly-stats"),
    shows: {
      total_anomalies: 15,
      unresolved: 3,
      by_type: { unusual_activation_pattern: 5, excessive_heartbeats: 3, license_hopping: 7 },
    },
  },
  {
    call: "GET /api/admin/license/auth-token",
    request: get("/api/admin/license/auth-token"),
    shows: { token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...", expires_at: "2025-06-19T15:30:00Z" },
  },
];

for (const { call, request, shows } of examples) {
  test(`${call} answers as documented`, async () => {
    const reply = await request();
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assertShape(reply.body, shows);
  });
}

test("Live statistics equal the counts in the database", async () => {
  const { body } = await me.get("/api/monitoring/live-stats");
  const { active_licenses, total_activations, active_sessions } = body.metrics;
  assert.deepEqual([active_licenses, total_activations, active_sessions], [1, 1, 1]);
  assert.deepEqual((await me.get("/api/sessions/active-count")).body, { count: 1 });
});

test("A statistics token is valid for an hour, for statistics only, and only with its own algorithm and audience", async () => {
  const { body: { token, expires_at } } = await me.get("/api/admin/license/auth-token");
  const ahead = Date.parse(expires_at) - Date.now();
  assert.ok(ahead > 3_590_000 && ahead <= 3_600_000, expires_at);
  const statusOf = (path: string, sent: string) =>
    server.get(path, { "x-api-key": "", authorization: `Bearer ${sent}` }).then(({ status }) => status);
  assert.equal(await statusOf("/api/monitoring/live-stats", token), 200);
  assert.equal(await statusOf("/api/customers", token), 401);
  const [head, claims, signature] = token.split(".");
  const part = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  const forged = [
    `${part({ alg: "none", typ: "JWT" })}.${claims}.`,
    `${part({ alg: "HS512", typ: "JWT" })}.${claims}.${signature}`,
    `${head}.${part({ ...JSON.parse(atob(claims)), sub: "2" })}.${signature}`,
    `${head}.${claims}.${signature.split("").reverse().join("")}`,
  ];
  for (const one of forged) assert.equal(await statusOf("/api/monitoring/live-stats", one), 401, one);
  // Signed with the same secret for something else (OWASP ASVS 5.0, 9.2.3).
  const signed = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .sign(new TextEncoder().encode(server.config.JWT_SECRET));
  const own = decodeJwt(token);
  assert.equal(own.aud, "latchkey/statistics");
  assert.equal(await statusOf("/api/monitoring/live-stats", await signed(own)), 200);
  for (
    const change of [{ aud: undefined }, { aud: "other" }, { aud: [] }, { iss: "other" }, { scope: "all" }]
  ) {
    const sent = await signed({ ...own, ...change });
    assert.equal(await statusOf("/api/monitoring/live-stats", sent), 401, JSON.stringify(change));
  }
});

test("The server stops without an error", () => server.stop());
