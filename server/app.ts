// The application without a listener: every endpoint mounted. A listener hands it requests; a test can, too.
import { Hono } from "hono";
import type { Config } from "./config.ts";
import { openPanel } from "./pages/panel.ts";
import { readNetworks } from "./domain/webhooks/address.ts";
import { adminCalls } from "./admin/admin.ts";
import { userPages } from "./pages/account/account_pages.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { createGuards, createLimits } from "./request/guards.ts";
import type { AppServices } from "./request/app_services.ts";
import { documentedForm } from "./request/error_form.ts";
import { licenseApiCalls } from "./dialects/license_api/license_api.ts";
import { type App, mount } from "./request/mount.ts";
import { mountTrpc } from "./trpc/mount.ts";
import { serverCalls } from "./operations/endpoints.ts";
import { uploadBridge } from "./dialects/upload_bridge/dialect.ts";
import { uploadBridgeCalls } from "./dialects/upload_bridge/upload_bridge.ts";

/** Every endpoint there is, as it is mounted under this configuration. */
export function listEndpoints(services: AppServices, config: Config): Endpoint[] {
  const guards = createGuards(config);
  const limits = createLimits(config);
  const calls = [
    ...licenseApiCalls(guards, limits),
    ...uploadBridgeCalls(guards, limits),
    ...adminCalls(guards, limits, siteOf(config)),
  ];
  const service = serverCalls(services, guards, {
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
export function createApp(services: AppServices, config: Config): App {
  const app: App = new Hono();
  const guard = createGuards(config).open;
  mount(app, services, listEndpoints(services, config), openPanel(), (path) => ({
    dialect: path.startsWith("/api/v2/") ? uploadBridge : documentedForm,
    guard,
  }));
  mountTrpc(app, services, {
    ...siteOf(config),
    perMinute: config.RATE_LIMIT_ADMIN,
    signInsPerMinute: config.RATE_LIMIT_AUTH,
  });
  return app;
}
