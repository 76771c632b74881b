// The API description under the default configuration, as it is committed in openapi.json.
import { listEndpoints, listWebhooks, securitySchemes, tagGroups } from "./app.ts";
import { complete, readEnvironment } from "./config.ts";
import { createLimits } from "./request/limits.ts";
import { describeApi } from "./request/openapi.ts";
import type { ApiDescription } from "./request/openapi_types.ts";
import { createSite } from "./request/services.ts";

/** Describes every endpoint; no server, database or Redis is needed. */
export function describeServer(): ApiDescription {
  const config = complete({
    ...readEnvironment({}),
    DATABASE_URL: "postgres://localhost/latchkey",
    REDIS_URL: "redis://localhost",
    JWT_SECRET: "for the description alone",
    ENCRYPTION_KEY: "for the description alone",
  });
  const services = { limits: createLimits(config), site: createSite(config, {}) };
  const described = listEndpoints(services, config).filter(({ operationId }) => operationId);
  return describeApi(described, { url: "/", securitySchemes, tagGroups, webhooks: listWebhooks() });
}
