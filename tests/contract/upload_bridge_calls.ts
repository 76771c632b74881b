// The requests and responses of the document "Upload Bridge License Server API", and the fields that the contract adds.
import { getWithBody } from "../support/get_with_body.ts";
import type { Reply, TestServer } from "../support/server.ts";
import { callV2, password } from "../support/users.ts";

const shownToken = {
  sub: "user_id",
  email: "user@example.com",
  plan: "monthly",
  features: ["pattern_upload", "wifi_upload"],
  max_devices: 2,
  expires_at: 1234567890,
  iat: 1234567890,
  exp: 1234567890,
};
const addedEnds = ["grace_ends", "updates_until"];
const addedClaims = ["entitlements", "product", "issued_at", "device_id", "jti", "signature", ...addedEnds];
const shownSignIn = {
  session_token: "random_token_string",
  entitlement_token: shownToken,
  user: { id: "user_id", email: "user@example.com", name: "User Name" },
};
const shownDevice = {
  id: 1,
  device_id: "DEVICE_ABC123",
  device_name: "My Computer",
  last_seen_at: "2025-01-27T12:00:00Z",
};
const device = { device_id: "DEVICE_ABC123", device_name: "My Computer" };

/** State that one example passes to the next. */
export interface ExampleState {
  server: TestServer;
  token: string;
  // deno-lint-ignore no-explicit-any
  entitlementToken: any;
  deviceNumber: number;
  mailToken(): Promise<string>;
}

export interface Example {
  call: string;
  request(state: ExampleState): Promise<Reply>;
  status: number;
  shows: unknown;
  extra?: string[];
  nullable?: string[];
  /** The call needs the complete listener. */
  complete?: boolean;
}

const as = (state: ExampleState, method: string, path: string, body?: unknown) =>
  callV2(state.server, method, path, body, state.token);

export const examples: Example[] = [
  {
    call: "GET /api/v2/health",
    request: (state) => as(state, "GET", "/health"),
    status: 200,
    shows: { status: "ok", timestamp: "2025-01-27T12:00:00Z", version: "2.0" },
  },
  {
    call: "POST /api/v2/auth/login with a wrong password",
    request: ({ server }) =>
      callV2(server, "POST", "/auth/login", { email: "user@example.com", password: "wrong", ...device }),
    status: 401,
    shows: { error: "Invalid email or password" },
  },
  {
    call: "POST /api/v2/auth/login with a password",
    async request(state) {
      const { server } = state;
      const reply = await callV2(server, "POST", "/auth/login", {
        email: "user@example.com",
        password,
        ...device,
      });
      state.token = reply.body.session_token;
      state.entitlementToken = reply.body.entitlement_token;
      return reply;
    },
    status: 200,
    shows: shownSignIn,
    extra: addedClaims,
  },
  {
    call: "POST /api/v2/auth/magic-link/verify",
    request: async (state) =>
      await as(state, "POST", "/auth/magic-link/verify", {
        magic_link_token: await state.mailToken(),
        ...device,
      }),
    status: 200,
    shows: shownSignIn,
    extra: addedClaims,
  },
  {
    call: "POST /api/v2/auth/login with a link",
    request: async (state) =>
      await as(state, "POST", "/auth/login", { magic_link_token: await state.mailToken(), ...device }),
    status: 200,
    shows: shownSignIn,
    extra: addedClaims,
  },
  {
    call: "POST /api/v2/auth/refresh",
    async request(state) {
      const reply = await callV2(state.server, "POST", "/auth/refresh", {
        session_token: state.token,
        device_id: "DEVICE_ABC123",
      });
      state.token = reply.body.session_token;
      state.entitlementToken = reply.body.entitlement_token;
      return reply;
    },
    status: 200,
    shows: shownSignIn,
    extra: addedClaims,
  },
  {
    call: "GET /api/v2/license/validate with the document's body",
    request: (state) =>
      getWithBody(state.server, "/api/v2/license/validate", state.token, {
        entitlement_token: {
          sub: state.entitlementToken.sub,
          plan: state.entitlementToken.plan,
          exp: state.entitlementToken.exp,
        },
      }),
    status: 200,
    shows: { valid: true, timestamp: "2025-01-27T12:00:00Z" },
    extra: addedEnds,
    complete: true,
  },
  {
    call: "POST /api/v2/license/validate with the whole token",
    request: (state) => as(state, "POST", "/license/validate", { entitlement_token: state.entitlementToken }),
    status: 200,
    shows: { valid: true, timestamp: "2025-01-27T12:00:00Z" },
    extra: addedEnds,
  },
  {
    call: "GET /api/v2/license/validate?entitlement_token=",
    request: (state) =>
      as(
        state,
        "GET",
        `/license/validate?entitlement_token=${encodeURIComponent(JSON.stringify(state.entitlementToken))}`,
      ),
    status: 200,
    shows: { valid: true, timestamp: "2025-01-27T12:00:00Z" },
    extra: addedEnds,
  },
  ...["/license/info", "/entitlements/current"].map((path): Example => ({
    call: `GET /api/v2${path}`,
    request: (state) => as(state, "GET", path),
    status: 200,
    shows: {
      entitlement: {
        id: "entitlement_id",
        plan: "monthly",
        status: "active",
        features: ["pattern_upload", "wifi_upload"],
        max_devices: 2,
        current_devices: 1,
        expires_at: "2025-02-27T12:00:00Z",
        is_active: true,
      },
    },
    extra: ["entitlements", "metadata", ...addedEnds],
  })),
  {
    call: "POST /api/v2/license/verify",
    request: (state) => as(state, "POST", "/license/verify", { device_fingerprint: "x", device_name: "y" }),
    status: 200,
    shows: {
      status: "ACTIVE",
      plan: "monthly",
      features: ["pattern_upload", "wifi_upload"],
      expires_at: "2025-02-27T12:00:00Z",
      starts_at: "2025-01-27T12:00:00Z",
      message: "License is active",
    },
    extra: addedEnds,
  },
  {
    call: "POST /api/v2/features/check",
    request: (state) => as(state, "POST", "/features/check", { features: ["wifi_upload", "ai_features"] }),
    status: 200,
    shows: { flags: { wifi_upload: true, ai_features: false }, enabled_features: ["wifi_upload"] },
  },
  {
    call: "GET /api/v2/updates/check",
    request: (state) => as(state, "GET", "/updates/check?current_version=1.0.0"),
    status: 200,
    shows: {
      has_update: true,
      current_version: "1.0.0",
      latest_version: "1.1.0",
      update_url: "https://example.com/download/v1.1.0",
    },
  },
  {
    call: "POST /api/v2/integrity/heartbeat",
    request: (state) => as(state, "POST", "/integrity/heartbeat", { state_hash: "abc" }),
    status: 200,
    shows: { success: true, message: "Heartbeat received" },
  },
  {
    call: "POST /api/v2/devices/register for a device that is registered",
    request: (state) => as(state, "POST", "/devices/register", device),
    status: 200,
    shows: { message: "Device updated", device: shownDevice },
  },
  {
    call: "POST /api/v2/devices/register",
    async request(state) {
      const reply = await as(state, "POST", "/devices/register", {
        device_id: "DEVICE_DEF456",
        device_name: "My Computer",
      });
      state.deviceNumber = reply.body.device.id;
      return reply;
    },
    status: 200,
    shows: { message: "Device registered", device: { ...shownDevice, device_id: "DEVICE_DEF456" } },
  },
  {
    call: "POST /api/v2/devices/register beyond the limit",
    request: (state) => as(state, "POST", "/devices/register", { device_id: "DEVICE_GHI789" }),
    status: 403,
    shows: { error: "Device limit reached", max_devices: 2, current_devices: 2 },
  },
  {
    call: "POST /api/v2/auth/login beyond the limit",
    request: (state) =>
      as(state, "POST", "/auth/login", { email: "user@example.com", password, device_id: "DEVICE_GHI789" }),
    status: 403,
    shows: { error: "Device limit reached", max_devices: 2, current_devices: 2 },
  },
  {
    call: "GET /api/v2/devices",
    request: (state) => as(state, "GET", "/devices"),
    status: 200,
    shows: {
      devices: [
        { ...shownDevice, entitlement_id: "entitlement_id", device_id: "DEVICE_DEF456" },
        { ...shownDevice, entitlement_id: "entitlement_id" },
      ],
    },
    extra: ["user_id"],
  },
  {
    call: "DELETE /api/v2/devices/{id}",
    request: (state) => as(state, "DELETE", `/devices/${state.deviceNumber}`),
    status: 200,
    shows: { message: "Device removed successfully" },
  },
  {
    call: "DELETE /api/v2/devices/{id} once more",
    request: (state) => as(state, "DELETE", `/devices/${state.deviceNumber}`),
    status: 404,
    shows: { error: "Device not found" },
  },
  {
    call: "POST /api/v2/auth/logout",
    request: (state) => callV2(state.server, "POST", "/auth/logout", { session_token: state.token }),
    status: 200,
    shows: { message: "Logged out successfully" },
  },
  {
    call: "GET /api/v2/license/info after signing out",
    request: (state) => as(state, "GET", "/license/info"),
    status: 401,
    shows: { error: "Unauthorized", message: "Invalid or expired token" },
  },
  {
    call: "GET /api/v2/license/info without a token",
    request: ({ server }) => callV2(server, "GET", "/license/info"),
    status: 401,
    shows: { error: "Unauthorized", message: "Session token required" },
  },
  {
    call: "the error format",
    request: ({ server }) =>
      callV2(server, "POST", "/auth/login", { email: "no address", password: "password123" }),
    status: 400,
    shows: {
      error: "Validation failed",
      messages: { email: ["The email field must be a valid email address."] },
    },
  },
  {
    call: "an unknown address under /api/v2",
    request: ({ server }) => callV2(server, "GET", "/nothing/here"),
    status: 404,
    shows: { error: "Not found" },
  },
];
