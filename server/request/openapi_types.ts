// The API description as the API reference reads it: the parts of OpenAPI 3.1 that this server writes.
// https://spec.openapis.org/oas/v3.1.1.html
import type { ApiTag, SecurityScheme } from "./dialect_module.ts";

export type Json = Record<string, unknown>;

/** Points at a component: "#/components/responses/NotFound". */
export interface Reference {
  $ref: string;
}

export interface ApiExample {
  summary: string;
  value: unknown;
}

export interface ApiMedia {
  schema?: Json;
  example?: unknown;
  examples?: Record<string, Reference>;
}

export interface ApiResponse {
  description: string;
  headers?: Record<string, Reference>;
  content?: Record<string, ApiMedia>;
}

export interface ApiParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description: string;
  schema: Json;
  example?: string;
}

export interface ApiOperation {
  summary: string;
  description: string;
  tags: string[];
  operationId: string;
  /** One of these credentials; an empty one: none is needed. */
  security: Record<string, string[]>[];
  parameters: ApiParameter[];
  requestBody?: { required: boolean; content: Record<string, ApiMedia> };
  responses: Record<string, ApiResponse | Reference>;
}

export interface ApiDescription {
  openapi: string;
  info: { title: string; version: string; description: string; [other: string]: unknown };
  servers: { url: string; description: string }[];
  tags: ApiTag[];
  "x-tagGroups": { name: string; tags: string[] }[];
  paths: Record<string, Record<string, ApiOperation>>;
  webhooks: Record<string, { post: ApiOperation }>;
  components: {
    schemas: Record<string, Json>;
    responses: Record<string, ApiResponse>;
    examples: Record<string, ApiExample>;
    headers: Record<string, Json>;
    securitySchemes: Record<string, SecurityScheme>;
  };
}
