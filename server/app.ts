// The application without a listener: every endpoint, procedure and page mounted. Listeners and tests call it.
import { adminEndpoints, adminSecuritySchemes, adminTags } from "./admin/admin.ts";
import type { Config } from "./config.ts";
import * as allDialects from "./dialects/all.ts";
import { descriptionCall, serverCalls, serviceTag } from "./operations/endpoints.ts";
import { userPages } from "./pages/account/account_pages.ts";
import { mountDocs } from "./pages/docs/docs.ts";
import { openPanel } from "./pages/panel.ts";
import { App } from "./request/app.ts";
import type {
  ApiTagGroup,
  DialectModule,
  SecurityScheme,
  WebhookDeclaration,
} from "./request/dialect_module.ts";
import type { Endpoint } from "./request/endpoint.ts";
import { documentedForm } from "./request/error_form.ts";
import { createGuards } from "./request/guards.ts";
import { listOf } from "./request/limits.ts";
import { describeApi } from "./request/openapi.ts";
import type { ApiDescription } from "./request/openapi_types.ts";
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

/** The groups of operations in the API description, by who calls them. */
export const tagGroups: ApiTagGroup[] = [
  { name: "Apps", tags: dialects.flatMap(({ tags }) => tags) },
  { name: "Administration", tags: adminTags },
  { name: "Server", tags: [serviceTag] },
];

/** The webhooks of the API description. */
export function listWebhooks(): WebhookDeclaration[] {
  return dialects.flatMap(({ webhooks }) => webhooks?.() ?? []);
}

/** What declaring an endpoint takes; handlers get the other services with the request. */
type DeclarationServices = Pick<AppServices, "limits" | "site">;

interface DeclaredApi {
  /** Every endpoint, grouped by how it is mounted. */
  groups: EndpointGroup[];
  /** Generated for the first who asks: it takes some hundred milliseconds, which no start has to wait for. */
  describe(): ApiDescription;
}

/** Every endpoint under this configuration, and their description. */
function declareApi({ limits, site }: DeclarationServices, config: Config): DeclaredApi {
  const guards = createGuards(limits);
  const dialectGroups = dialects.map(({ endpoints, cors }) => ({
    endpoints: endpoints({ guards, limits }),
    cors,
  }));
  const administration = adminEndpoints(guards, site);
  const service = serverCalls(guards, { metricsToken: config.METRICS_TOKEN ?? null });
  const described = [...dialectGroups.flatMap(({ endpoints }) => endpoints), ...administration, ...service];
  const parts = () => ({ url: config.PUBLIC_URL, securitySchemes, tagGroups, webhooks: listWebhooks() });
  let description: ApiDescription | undefined;
  const describe = () => description ??= describeApi(described, parts());
  let text: string | undefined;
  const others = [
    ...administration,
    ...service,
    descriptionCall(guards, () => text ??= JSON.stringify(describe())),
    ...userPages(guards, limits, config),
  ];
  return { groups: [...dialectGroups, { endpoints: others, cors: false }], describe };
}

/** Every endpoint, as it is mounted under this configuration. */
export function listEndpoints(services: DeclarationServices, config: Config): Endpoint[] {
  return declareApi(services, config).groups.flatMap(({ endpoints }) => endpoints);
}

/** Builds the application. */
export function createApp(services: AppServices, config: Config): App {
  const app = new App();
  const { groups, describe } = declareApi(services, config);
  mountEndpoints(app, services, groups, {
    page: compileAnswers(services, "panel", openPanel()),
    unknown: [
      ...dialects.flatMap(({ prefixes, form, cors }) => prefixes.map((prefix) => ({ prefix, form, cors }))),
      { prefix: "", form: documentedForm, cors: false },
    ],
    limits: listOf(services.limits.public),
  });
  mountDocs(app, services, { describe, tagGroups });
  mountTrpc(app, services);
  return app;
}
