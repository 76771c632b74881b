// The sections "License Server API" and "Version API" of the reference document: each documented request is sent over
// both listeners, and the response must have the documented shape.
import assert from "node:assert/strict";
import { makeLicense, makeRelease } from "../support/fixtures.ts";
import { type Reply, startTestServer, type TestServer } from "../support/server.ts";
import { assertShape } from "../support/assert_shape.ts";
import { test } from "../support/test.ts";

const key = "TEST-TEST-TEST-TEST";
const machine = { license_key: key, hardware_hash: "unique-hardware-identifier" };
const shownActivation = {
  id: 123,
  hardware_hash: "unique-hardware-identifier",
  machine_name: "DESKTOP-ABC123",
  activated_at: "2025-06-19T10:30:00Z",
  last_heartbeat: "2025-06-19T10:30:00Z",
  is_active: true,
};

interface Example {
  call: string;
  request(server: TestServer): Promise<Reply>;
  status: number;
  shows: unknown;
  /** Fields that the contract adds to those of the document. */
  extra?: string[];
  nullable?: string[];
}

const examples: Example[] = [
  {
    call: "GET /",
    request: (server) => server.get("/"),
    status: 200,
    shows: { status: "ok", service: "V2 License Server", timestamp: "2025-06-19T10:30:00Z" },
  },
  {
    call: "GET /health",
    request: (server) => server.get("/health"),
    status: 200,
    shows: { status: "healthy", timestamp: "2025-06-19T10:30:00Z" },
  },
  {
    call: "POST /api/license/activate",
    request: (server) =>
      server.post("/api/license/activate", {
        ...machine,
        machine_name: "DESKTOP-ABC123",
        app_version: "1.0.0",
      }),
    status: 201,
    shows: {
      message: "License activated successfully",
      activation: { ...shownActivation, license_key: key },
    },
  },
  {
    call: "POST /api/license/verify",
    request: (server) => server.post("/api/license/verify", { ...machine, app_version: "1.0.0" }),
    status: 200,
    shows: {
      valid: true,
      message: "License is valid",
      license: { key, valid_until: "2030-01-01", max_users: 10 },
      update_available: true,
      latest_version: "1.1.0",
    },
    extra: ["code", "entitlements", "metadata", "state", "grace_ends", "updates_until"],
  },
  {
    call: "GET /api/license/info/{license_key}",
    request: (server) => server.get(`/api/license/info/${key}`),
    status: 200,
    shows: {
      license: {
        id: 123,
        key,
        customer_name: "ACME Corp",
        type: "perpetual",
        valid_from: "2025-01-01",
        valid_until: "2030-01-01",
        max_activations: 5,
        max_users: 10,
        is_active: true,
      },
      activations: [shownActivation],
    },
    extra: ["entitlements", "metadata", "state", "grace_ends", "updates_until"],
  },
  {
    call: "POST /api/version/check",
    request: (server) => server.post("/api/version/check", { current_version: "1.0.0", license_key: key }),
    status: 200,
    shows: {
      update_available: true,
      latest_version: "1.1.0",
      download_url: "https://example.com/download/v1.1.0",
      release_notes: "Bug fixes and performance improvements",
      is_mandatory: false,
    },
  },
  {
    call: "GET /api/version/latest",
    request: (server) => server.get("/api/version/latest"),
    status: 200,
    shows: {
      version: "1.1.0",
      release_date: "2025-06-15",
      download_url: "https://example.com/download/v1.1.0",
      release_notes: "Bug fixes and performance improvements",
      is_mandatory: false,
    },
  },
  {
    call: "POST /api/v1/activate",
    request: (server) =>
      server.post("/api/v1/activate", {
        license_key: key,
        hardware_id: "unique-hardware-identifier",
        machine_name: "DESKTOP-ABC123",
        app_version: "1.0.0",
      }, { "x-api-key": null }),
    status: 200,
    shows: {
      message: "License is already activated on this device",
      activation_id: "act_1",
      activation: { ...shownActivation, license_key: key },
    },
  },
  {
    call: "POST /api/v1/validate",
    request: (server) =>
      server.post("/api/v1/validate", {
        license_key: key,
        activation_id: "act_1",
        hardware_id: "unique-hardware-identifier",
        app_version: "1.0.0",
      }, { "x-api-key": null }),
    status: 200,
    shows: {
      valid: true,
      message: "License is valid",
      license: { key, valid_until: "2030-01-01", max_users: 10 },
      update_available: true,
      latest_version: "1.1.0",
    },
    extra: ["code", "entitlements", "metadata", "state", "grace_ends", "updates_until"],
  },
  {
    call: "the error format",
    request: (server) =>
      server.post("/api/license/verify", { ...machine, license_key: "TEST-TEST-TEST-TESS" }),
    status: 400,
    shows: {
      error: {
        code: "INVALID_LICENSE",
        message: "The provided license key is invalid",
        details: { field: "license_key", reason: "format_invalid" },
      },
    },
  },
];

/** Values that depend on the run: ids and times. All other values must equal those of the document. */
const moving = new Set(["id", "timestamp", "activated_at", "last_heartbeat"]);

function assertDocumented(actual: unknown, shown: unknown, path: string): void {
  if (typeof shown !== "object" || shown === null) return assert.deepEqual(actual, shown, path);
  for (const [field, value] of Object.entries(shown)) {
    if (!moving.has(field)) {
      assertDocumented((actual as Record<string, unknown>)[field], value, `${path}.${field}`);
    }
  }
}

for (const listener of ["node", "deno"]) {
  const server = await startTestServer({ LISTENER: listener });
  const ctx = await server.ctx();
  const license = await makeLicense(ctx, {
    key,
    customer: { name: "ACME Corp", email: "admin@acme.com" },
    validFrom: "2025-01-01",
    validUntil: "2030-01-01",
  });
  await makeRelease(ctx, license.productId, "1.0.0");
  await makeRelease(ctx, license.productId, "1.1.0");

  for (const { call, request, status, shows, extra, nullable } of examples) {
    test(`${call} answers as documented (${listener} listener)`, async () => {
      const reply = await request(server);
      assert.equal(reply.status, status, JSON.stringify(reply.body));
      assertShape(reply.body, shows, { extra, nullable });
      assertDocumented(reply.body, shows, "body");
    });
  }

  test(`GET /metrics answers in the Prometheus text format (${listener} listener)`, async () => {
    const reply = await server.get("/metrics");
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
    assert.match(
      reply.body,
      /^latchkey_http_request_duration_seconds_count\{.*route="\/api\/license\/verify".*\} \d+$/m,
    );
  });

  test(`the ${listener} listener stops without an error`, () => server.stop());
}
