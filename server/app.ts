// The application without a listener: every endpoint mounted. A listener hands it requests; a test can, too.
import { Hono } from "hono";
import type { Config } from "./config.ts";
import { openPanel } from "./panel.ts";
import { readNetworks } from "./domain/webhooks/address.ts";
import { adminCalls } from "./rest/admin/admin.ts";
import { userPages } from "./rest/account_pages/account_pages.ts";
import type { Endpoint } from "./rest/endpoint.ts";
import { createGuards, createLimits } from "./rest/guards.ts";
import type { House } from "./rest/house.ts";
import { licenseApi } from "./rest/license_api/dialect.ts";
import { licenseApiCalls } from "./rest/license_api/license_api.ts";
import { type App, mount } from "./rest/mount.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { serverCalls } from "./rest/server_calls.ts";
import { uploadBridge } from "./rest/upload_bridge/dialect.ts";
import { uploadBridgeCalls } from "./rest/upload_bridge/upload_bridge.ts";

/** Every endpoint there is, as it is mounted under this configuration. */
export function listEndpoints(house: House, config: Config): Endpoint[] {
  const guards = createGuards(config);
  const limits = createLimits(config);
  const calls = [
    ...licenseApiCalls(guards, limits),
    ...uploadBridgeCalls(guards, limits),
    ...adminCalls(guards, limits, siteOf(config)),
  ];
  const service = serverCalls(house, guards, {
    described: calls,
    publicUrl: config.PUBLIC_URL,
    metricsToken: config.METRICS_TOKEN ?? null,
  });
  return [...calls, ...service, ...userPages(guards, limits, config)];
}

/** What administration needs to know of the configuration. */
function siteOf(config: Config) {
  return {
    publicUrl: config.PUBLIC_URL,
    jwtSecret: config.JWT_SECRET,
    webhookNetworks: readNetworks(config.WEBHOOK_ALLOWED_ADDRESSES),
  };
}

/** Builds the application. */
export function createApp(house: House, config: Config): App {
  const app: App = new Hono();
  const guard = createGuards(config).open;
  mount(app, house, listEndpoints(house, config), openPanel(), (path) => ({
    dialect: path.startsWith("/api/v2/") ? uploadBridge : licenseApi,
    guard,
  }));
  mountTrpc(app, house, {
    ...siteOf(config),
    perMinute: config.RATE_LIMIT_ADMIN,
    signInsPerMinute: config.RATE_LIMIT_AUTH,
  });
  return app;
}
