// The application without a listener: every endpoint, procedure and page mounted. Listeners and tests call it.
import { Hono } from "hono";
import { adminCalls } from "./admin/admin.ts";
import type { Config } from "./config.ts";
import { licenseApiCalls } from "./dialects/license_api/license_api.ts";
import { uploadBridge } from "./dialects/upload_bridge/dialect.ts";
import { uploadBridgeCalls } from "./dialects/upload_bridge/upload_bridge.ts";
import { serverCalls } from "./operations/endpoints.ts";
import { userPages } from "./pages/account/account_pages.ts";
import { openPanel } from "./pages/panel.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { documentedForm } from "./request/error_form.ts";
import { createGuards } from "./request/guards.ts";
import { listOf } from "./request/limits.ts";
import { compileAnswers } from "./request/pipeline.ts";
import { type App, mountEndpoints } from "./request/routes.ts";
import type { AppServices } from "./request/services.ts";
import { mountTrpc } from "./trpc/mount.ts";

/** Every endpoint, as it is mounted under this configuration. */
export function listEndpoints(services: AppServices, config: Config): Endpoint[] {
  const { limits, site } = services;
  const guards = createGuards(limits);
  const calls = [
    ...licenseApiCalls(guards, limits),
    ...uploadBridgeCalls(guards, limits),
    ...adminCalls(guards, limits, site),
  ];
  const service = serverCalls(services, guards, {
    described: calls,
    publicUrl: config.PUBLIC_URL,
    metricsToken: config.METRICS_TOKEN ?? null,
  });
  return [...calls, ...service, ...userPages(guards, limits, config)];
}

/** Builds the application. */
export function createApp(services: AppServices, config: Config): App {
  const app: App = new Hono();
  mountEndpoints(app, services, listEndpoints(services, config), {
    page: compileAnswers(services, "panel", openPanel()),
    unknown: (path) => ({
      form: path.startsWith("/api/v2/") ? uploadBridge : documentedForm,
      limits: listOf(services.limits.public),
    }),
  });
  mountTrpc(app, services);
  return app;
}
