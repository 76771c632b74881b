// A vendor's API as a plug-in. Each folder below server/dialects exports one module, and server/dialects/all.ts lists
// them; routing, API description, CORS and webhooks follow from it.
import type { z } from "zod";
import type { WebhookFormat, WebhookFormats } from "../domain/webhooks/format.ts";
import type { Dialect, Endpoint } from "./endpoint.ts";
import type { Guards } from "./guards.ts";
import type { Limits } from "./limits.ts";

/** A security scheme of OpenAPI 3.1. */
export type SecurityScheme =
  | { type: "http"; scheme: "bearer"; description: string }
  | { type: "apiKey"; in: "header"; name: string; description: string };

/** A group of operations in the API description. */
export interface ApiTag {
  name: string;
  description: string;
}

/** A group of tags, as navigation shows them. */
export interface ApiTagGroup {
  name: string;
  tags: ApiTag[];
}

/** A webhook as it is described. */
export interface WebhookDeclaration {
  /** The type of the event, "license.activated". */
  event: string;
  /** "License activated" */
  summary: string;
  /** When it is sent. */
  description: string;
  /** The schema of the body, with an example. */
  body: z.ZodType;
}

export interface DialectModule {
  /** The folder's name. Webhook endpoints and external ids refer to it. */
  name: string;
  /** Addresses that begin with one of these belong to the dialect, also where it has no endpoint. */
  prefixes: string[];
  /** By the name under which the guards of its endpoints refer to them. */
  securitySchemes: Record<string, SecurityScheme>;
  /** The tags of its endpoints. */
  tags: ApiTag[];
  /** Its error answers and their schema, the media types of its bodies, and how they are read. */
  form: Dialect;
  /** Whether pages of other sites may call it. Only for APIs that accept no cookie. */
  cors: boolean;
  endpoints(shared: { guards: Guards; limits: Limits }): Endpoint[];
  /** The body of its webhooks; without it no webhook endpoint can use the dialect. */
  webhookFormat?: WebhookFormat;
  /** What that format writes, for the API description. */
  webhooks?(): WebhookDeclaration[];
}

/** The webhook formats of all dialects that have one. */
export function webhookFormatsOf(dialects: Record<string, DialectModule>): WebhookFormats {
  return Object.fromEntries(
    Object.values(dialects).flatMap(({ name, webhookFormat }) =>
      webhookFormat ? [[name, webhookFormat]] : []
    ),
  );
}
