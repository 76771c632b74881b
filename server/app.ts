// The application without a listener: every endpoint, procedure and page mounted. Listeners and tests call it.
import { adminEndpoints, adminSecuritySchemes, adminTags } from "./admin/admin.ts";
import type { Config } from "./config.ts";
import * as allDialects from "./dialects/all.ts";
import { serverCalls, serviceTag } from "./operations/endpoints.ts";
import { userPages } from "./pages/account/account_pages.ts";
import { openPanel } from "./pages/panel.ts";
import { App } from "./request/app.ts";
import type { ApiTag, DialectModule, SecurityScheme } from "./request/dialect_module.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { documentedForm } from "./request/error_form.ts";
import { createGuards } from "./request/guards.ts";
import { listOf } from "./request/limits.ts";
import { compileAnswers } from "./request/pipeline.ts";
import { type EndpointGroup, mountEndpoints } from "./request/routes.ts";
import type { AppServices } from "./request/services.ts";
import { mountTrpc } from "./trpc/mount.ts";

const dialects: DialectModule[] = Object.values(allDialects);

/** The credentials that endpoints accept, as named in the API description. */
export const securitySchemes: Record<string, SecurityScheme> = Object.assign(
  {},
  adminSecuritySchemes,
  ...dialects.map(({ securitySchemes }) => securitySchemes),
);

/** The groups of operations in the API description. */
export const tags: ApiTag[] = [...dialects.flatMap(({ tags }) => tags), ...adminTags, serviceTag];

/** What declaring an endpoint takes; handlers get the other services with the request. */
type DeclarationServices = Pick<AppServices, "limits" | "site">;

/** Every endpoint under this configuration, grouped by how it is mounted. */
function groupEndpoints({ limits, site }: DeclarationServices, config: Config): EndpointGroup[] {
  const guards = createGuards(limits);
  const dialectGroups = dialects.map(({ endpoints, cors }) => ({
    endpoints: endpoints({ guards, limits }),
    cors,
  }));
  const administration = adminEndpoints(guards, site);
  const operations = serverCalls(guards, {
    described: [...dialectGroups.flatMap(({ endpoints }) => endpoints), ...administration],
    securitySchemes,
    tags,
    publicUrl: config.PUBLIC_URL,
    metricsToken: config.METRICS_TOKEN ?? null,
  });
  const others = [...administration, ...operations, ...userPages(guards, limits, config)];
  return [...dialectGroups, { endpoints: others, cors: false }];
}

/** Every endpoint, as it is mounted under this configuration. */
export function listEndpoints(services: DeclarationServices, config: Config): Endpoint[] {
  return groupEndpoints(services, config).flatMap(({ endpoints }) => endpoints);
}

/** Builds the application. */
export function createApp(services: AppServices, config: Config): App {
  const app = new App();
  mountEndpoints(app, services, groupEndpoints(services, config), {
    page: compileAnswers(services, "panel", openPanel()),
    unknown: [
      ...dialects.flatMap(({ prefixes, form, cors }) => prefixes.map((prefix) => ({ prefix, form, cors }))),
      { prefix: "", form: documentedForm, cors: false },
    ],
    limits: listOf(services.limits.public),
  });
  mountTrpc(app, services);
  return app;
}
