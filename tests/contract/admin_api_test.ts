// The section "Admin Panel API" of the reference document: each documented request is sent, and the response must have
// the documented shape.
import assert from "node:assert/strict";
import { activateLicense } from "../../server/domain/activations/activate.ts";
import { createResource } from "../../server/domain/resources/resources.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { type Reply, startTestServer } from "../support/server.ts";
import { assertShape } from "../support/assert_shape.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();
const ctx = await server.ctx();
const me = await makeAdministrator(server, "manager");
const first = await makeLicense(ctx, {
  key: "TEST-TEST-TEST-TEST",
  customer: { name: "ACME Corp", email: "admin@acme.com" },
  validUntil: "2030-01-01",
});
const more = await Promise.all(
  [1, 2].map(() =>
    makeLicense(ctx, { customerId: first.customerId, productId: first.productId, validUntil: "2030-01-01" })
  ),
);
const three = [first, ...more].map(({ id }) => id);
const machine = {
  licenseKey: first.key,
  hardwareId: "unique-hardware-identifier",
  machineName: "DESKTOP-ABC123",
  appVersion: "1.0.0",
};
const { activation } = await activateLicense(ctx, machine);
const resources = [];
for (const identifier of ["SRV-001", "SRV-002", "SRV-003"]) {
  resources.push(await createResource(ctx, { type: "server", identifier }));
}
await createResource(ctx, { type: "workstation", identifier: "WS-001" });
const [one, two] = resources;

interface Example {
  call: string;
  request(): Promise<Reply>;
  status?: number;
  shows: unknown;
  nullable?: string[];
  /** Fields that must equal the documented values. */
  exactly?: Record<string, unknown>;
}

const post = (path: string, body?: unknown) => () => me.post(path, body);
const get = (path: string) => () => me.get(path);

const examples: Example[] = [
  {
    call: "GET /api/customers",
    request: get("/api/customers?q=acme&page=1"),
    shows: { results: [{ id: 123, text: "ACME Corp - admin@acme.com" }], pagination: { more: false } },
    exactly: {
      results: [{ id: first.customerId, text: "ACME Corp - admin@acme.com" }],
      pagination: { more: false },
    },
  },
  {
    call: "GET /api/customer/{customer_id}/licenses",
    request: get(`/api/customer/${first.customerId}/licenses`),
    shows: {
      licenses: [{
        id: 456,
        license_key: "XXXX-XXXX-XXXX-XXXX",
        type: "perpetual",
        status: "active",
        valid_until: "2026-01-01",
        max_activations: 5,
        current_activations: 3,
      }],
    },
  },
  {
    call: "GET /api/customer/{customer_id}/quick-stats",
    request: get(`/api/customer/${first.customerId}/quick-stats`),
    shows: { total_licenses: 10, active_licenses: 8, total_activations: 25, total_users: 150 },
    exactly: { total_licenses: 3, active_licenses: 3, total_activations: 1, total_users: 30 },
  },
  {
    call: "POST /api/license/{license_id}/toggle, off",
    request: post(`/api/license/${first.id}/toggle`),
    shows: { success: true, is_active: true, message: "License activated successfully" },
    exactly: { success: true, is_active: false, message: "License deactivated successfully" },
  },
  {
    call: "POST /api/license/{license_id}/toggle, on",
    request: post(`/api/license/${first.id}/toggle`),
    shows: { success: true, is_active: true, message: "License activated successfully" },
    exactly: { success: true, is_active: true, message: "License activated successfully" },
  },
  {
    call: "POST /api/licenses/bulk-deactivate",
    request: post("/api/licenses/bulk-deactivate", { license_ids: three }),
    shows: { success: true, count: 3, message: "3 licenses deactivated successfully" },
    exactly: { success: true, count: 3, message: "3 licenses deactivated successfully" },
  },
  {
    call: "POST /api/licenses/bulk-activate",
    request: post("/api/licenses/bulk-activate", { license_ids: three }),
    shows: { success: true, count: 3, message: "3 licenses activated successfully" },
    exactly: { success: true, count: 3, message: "3 licenses activated successfully" },
  },
  {
    call: "POST /api/license/{license_id}/quick-edit",
    request: post(`/api/license/${first.id}/quick-edit`, {
      valid_until: "2027-01-01",
      max_activations: 10,
      max_users: 50,
    }),
    shows: { success: true, message: "License updated successfully" },
    exactly: { success: true, message: "License updated successfully" },
  },
  {
    call: "POST /api/generate-license-key",
    request: post("/api/generate-license-key"),
    shows: { license_key: "NEW1-NEW2-NEW3-NEW4" },
  },
  {
    call: "GET /api/license/{license_id}/devices",
    request: get(`/api/license/${first.id}/devices`),
    shows: {
      devices: [{
        id: 123,
        hardware_hash: "unique-hardware-identifier",
        machine_name: "DESKTOP-ABC123",
        activated_at: "2025-01-01T10:00:00Z",
        last_heartbeat: "2025-06-19T14:30:00Z",
        is_active: true,
        app_version: "1.0.0",
      }],
    },
  },
  {
    call: "POST /api/license/{license_id}/register-device",
    request: post(`/api/license/${first.id}/register-device`, {
      hardware_hash: "another-hardware-identifier",
      machine_name: "DESKTOP-XYZ789",
      app_version: "1.0.0",
    }),
    status: 201,
    shows: { success: true, device_id: 456, message: "Device registered successfully" },
  },
  {
    call: "POST /api/license/{license_id}/deactivate-device/{device_id}",
    request: post(`/api/license/${first.id}/deactivate-device/${activation.id}`),
    shows: { success: true, message: "Device deactivated successfully" },
    exactly: { success: true, message: "Device deactivated successfully" },
  },
  {
    call: "POST /api/resources/allocate",
    request: post("/api/resources/allocate", { license_id: first.id, resource_ids: [one.id, two.id] }),
    shows: { success: true, allocated: 2, message: "2 resources allocated successfully" },
    exactly: { success: true, allocated: 2, message: "2 resources allocated successfully" },
  },
  {
    call: "GET /api/license/{license_id}/resources",
    request: get(`/api/license/${first.id}/resources`),
    shows: {
      resources: [{
        id: 789,
        type: "server",
        identifier: "SRV-001",
        status: "allocated",
        allocated_at: "2025-06-01T10:00:00Z",
      }],
    },
  },
  {
    call: "GET /api/resources/check-availability",
    request: get("/api/resources/check-availability?type=server&count=1"),
    shows: { available: true, count: 5, resources: [{ id: 791, type: "server", identifier: "SRV-002" }] },
    exactly: {
      available: true,
      count: 1,
      resources: [{ id: resources[2].id, type: "server", identifier: "SRV-003" }],
    },
  },
  {
    call: "GET /api/resources/stats",
    request: get("/api/resources/stats"),
    shows: {
      total: 100,
      allocated: 75,
      available: 25,
      by_type: {
        server: { total: 50, allocated: 40, available: 10 },
        workstation: { total: 50, allocated: 35, available: 15 },
      },
    },
    exactly: {
      total: 4,
      allocated: 2,
      available: 2,
      by_type: {
        server: { total: 3, allocated: 2, available: 1 },
        workstation: { total: 1, allocated: 0, available: 1 },
      },
    },
  },
  {
    call: "GET /api/global-search",
    request: get("/api/global-search?q=acme&limit=20"),
    shows: {
      results: [{
        type: "customer",
        id: 123,
        title: "ACME Corp",
        subtitle: "admin@acme.com",
        url: "/customer/edit/123",
      }],
      total: 15,
    },
    exactly: {
      results: [{
        type: "customer",
        id: first.customerId,
        title: "ACME Corp",
        subtitle: "admin@acme.com",
        url: `/customer/edit/${first.customerId}`,
      }],
      total: 1,
    },
  },
  {
    call: "GET /api/global-search, for a license",
    request: get("/api/global-search?q=TEST-TEST&type=license"),
    shows: {
      results: [{
        type: "license",
        id: 456,
        title: "XXXX-XXXX-XXXX-XXXX",
        subtitle: "ACME Corp - Active",
        url: "/license/edit/456",
      }],
      total: 15,
    },
    exactly: {
      results: [{
        type: "license",
        id: first.id,
        title: "TEST-TEST-TEST-TEST",
        subtitle: "ACME Corp - Active",
        url: `/license/edit/${first.id}`,
      }],
      total: 1,
    },
  },
  {
    call: "POST /api/licenses/bulk-delete",
    request: post("/api/licenses/bulk-delete", { license_ids: three }),
    shows: { success: true, deleted: 3, message: "3 licenses deleted successfully" },
    exactly: { success: true, deleted: 3, message: "3 licenses deleted successfully" },
  },
];

for (const { call, request, status = 200, shows, nullable, exactly } of examples) {
  test(`${call} answers as documented`, async () => {
    const reply = await request();
    assert.equal(reply.status, status, JSON.stringify(reply.body));
    assertShape(reply.body, shows, { nullable });
    if (exactly) assert.deepEqual(reply.body, exactly);
  });
}

test("Every documented call is on the API page", async () => {
  const { body } = await server.get("/openapi.json");
  for (const { call } of examples) {
    const [, method, path] = call.match(/^(\w+) ([^\s,]+)/)!;
    const described = body.paths[path]?.[method.toLowerCase()];
    assert.ok(described?.responses["200"], `${method} ${path}`);
    assert.deepEqual(described.responses["401"], { $ref: "#/components/responses/SignInRequired" });
  }
});

test("The server stops without an error", () => server.stop());
