// The API page: Swagger UI from its npm package, served by ourselves, where every call can be tried.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";

const parts: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Latchkey API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<body style="margin: 0">
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
});
`;

// Swagger UI sets styles on its elements and has its icons inside its style sheet.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page and its parts. */
export function docsCalls(guards: Guards): Endpoint[] {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const serve = (path: string, type: string, read: () => string | Uint8Array, summary: string) =>
    endpoint({
      method: "get",
      path,
      summary,
      tag: "Service",
      dialect: documentedForm,
      guard: guards.open,
      standsAlone: true,
      answers: { 200: { description: summary, type } },
      handle: () => ({
        ...ok(read()),
        headers: {
          "content-type": type,
          "cache-control": "public, max-age=3600",
          "content-security-policy": policy,
          "x-content-type-options": "nosniff",
        },
      }),
    });
  return [
    serve("/docs", "text/html; charset=utf-8", () => page, "The API page"),
    serve("/docs/start.js", "text/javascript; charset=utf-8", () => start, "Starts the API page"),
    ...Object.entries(parts).map(([name, type]) => {
      let content: Uint8Array | undefined;
      return serve(
        `/docs/${name}`,
        type,
        () => content ??= readFileSync(join(folder, name)),
        `Part of the API page`,
      );
    }),
  ];
}
