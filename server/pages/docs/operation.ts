// One call as a part of its subject's page: what it takes and answers, its errors, and examples of both in every language.
import type {
  ApiDescription,
  ApiMedia,
  ApiOperation,
  ApiResponse,
  Reference,
} from "../../request/openapi_types.ts";
import { exampleOf } from "../../request/openapi_examples.ts";
import { languages, type SampleRequest } from "./code_samples.ts";
import { codeBlock, type Html, html, raw } from "./html.ts";
import { heading } from "./layout.ts";
import { renderInline } from "./markdown.ts";
import { renderFields, renderParameters } from "./schema_fields.ts";

const JSON_TYPE = "application/json";

export interface Call {
  method: string;
  path: string;
  operation: ApiOperation;
}

/** Every call, in the order of the description. */
export function listCalls({ paths }: ApiDescription): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
  );
}

/** The request that the samples of a call show. */
export function sampleRequestOf(call: Call, description: ApiDescription): SampleRequest {
  const { method, path, operation: { parameters, requestBody, security, responses } } = call;
  const { schemas, securitySchemes } = description.components;
  const valueOf = (name: string): string => {
    const parameter = parameters.find((parameter) => parameter.name === name)!;
    const example = String(exampleOf(parameter.schema, schemas));
    return example === "text" ? name.toUpperCase() : example;
  };
  const query = parameters.filter(({ in: location, required }) => location === "query" && required)
    .map(({ name }) => `${name}=${encodeURIComponent(valueOf(name))}`);
  const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(valueOf(name)));
  const headers: Record<string, string> = {};
  // Where the first alternative is empty, the credential is optional.
  const [scheme] = Object.keys(security[0] ?? {});
  if (scheme) {
    const { type, ...credential } = securitySchemes[scheme];
    if (type === "apiKey" && "name" in credential) headers[credential.name] = "YOUR_API_KEY";
    else {headers.Authorization = `Bearer ${
        scheme === "session" ? "YOUR_SESSION_TOKEN" : "YOUR_ACCESS_TOKEN"
      }`;}
  }
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type) headers["Content-Type"] = type;
  return {
    method,
    url: `${serverOf(description)}${address}${query.length > 0 ? `?${query.join("&")}` : ""}`,
    headers,
    ...(!media
      ? {}
      : type === JSON_TYPE
      ? { body: { json: media.example } }
      : { body: { text: String(media.example) } }),
    answersJson: Object.entries(responses).some(([status, response]) =>
      status.startsWith("2") && JSON_TYPE in (follow(response, description).content ?? {})
    ),
  };
}

function serverOf({ servers: [{ url }] }: ApiDescription): string {
  return url === "/" ? "https://licenses.example.com" : url.replace(/\/$/, "");
}

function follow(response: ApiResponse | Reference, { components }: ApiDescription): ApiResponse {
  return "$ref" in response
    ? components.responses[response.$ref.replace("#/components/responses/", "")]
    : response;
}

export function renderCall(call: Call, description: ApiDescription): Html {
  const { method, path, operation } = call;
  const id = operation.operationId;
  return html`
    <section class="call" aria-labelledby="${id}">
      <div class="about">
    ${heading(2, id, operation.summary)}
    <p class="route"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
    <p>${renderInline(operation.description)}</p>
    ${renderInput(operation, description)}
    ${renderAnswers(operation, description)}
    ${renderErrors(operation, description)}
      </div>
      <div class="examples">
    ${renderSamples(id, operation.summary, sampleRequestOf(call, description))}
    ${renderExamples(operation, description)}
      </div>
    </section>
  `;
}

function renderInput({ parameters, requestBody }: ApiOperation, { components }: ApiDescription): Html {
  const { schemas } = components;
  const titles = { path: "Path parameters", query: "Query parameters", header: "Headers" } as const;
  const lists = (["path", "query", "header"] as const).map((location) => {
    const listed = parameters.filter((parameter) => parameter.in === location);
    return listed.length === 0 ? "" : html`<h3>${titles[location]}</h3>${renderParameters(listed, schemas)}`;
  });
  const media = Object.entries(requestBody?.content ?? {});
  const fields = media[0]?.[1].schema && renderFields(media[0][1].schema, schemas);
  const body = media.length === 0 ? "" : html`<h3>Body</h3><p class="types">${
    media.map(([type]) =>
      html`
        <code>${type}</code>
      `
    )
  }</p>${fields ?? ""}`;
  return html`${lists}${body}`;
}

/** Whether a response is one of the verb's own rather than a refusal; a check may be answered 403. */
function isOwn(status: string, response: ApiResponse | Reference, description: ApiDescription): boolean {
  const [media] = Object.values<ApiMedia>(follow(response, description).content ?? {});
  return status < "4" || media !== undefined && "example" in media;
}

const toneOf = (status: string) => status < "4" ? "good" : "bad";

function renderAnswers({ responses, summary }: ApiOperation, description: ApiDescription): Html {
  const own = Object.entries(responses).filter(([status, given]) => isOwn(status, given, description));
  return html`<h3>Responses</h3>${
    own.map(([status, response]) => {
      const { description: text, content = {} } = follow(response, description);
      const [type, media] = Object.entries(content)[0] ?? [];
      const fields = media?.schema && renderFields(media.schema, description.components.schemas);
      return html`<p class="answer"><span class="status ${toneOf(status)}">${status}</span> ${
        renderInline(text)
      }${
        type && type !== JSON_TYPE
          ? html`
            <code>${type}</code>
          `
          : ""
      }</p>${
        fields
          ? html`
            <details>
              <summary aria-label="Fields of the ${status} response: ${summary}">Fields of the ${status} response</summary>${fields}
            </details>
          `
          : ""
      }`;
    })
  }`;
}

function renderErrors({ responses }: ApiOperation, description: ApiDescription): Html {
  const bad = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  const codesOf = (response: ApiResponse | Reference) =>
    Object.keys(follow(response, description).content?.[JSON_TYPE]?.examples ?? {});
  return html`
    <h3>Errors</h3>
    <ul class="errors">${bad.filter(([, response]) => codesOf(response).length > 0).map((
      [status, response],
    ) =>
      html`<li><span class="status bad">${status}</span> ${
        codesOf(response).map((code) =>
          html`
            <a href="/docs/errors#${code}"><code>${code}</code></a>
          `
        )
      }</li>`
    )}</ul>
  `;
}

/**
 * A request in every language, with a choice of the language that works without a script.
 *
 * @param name of the choice, one of its own on the page
 */
export function renderSamples(name: string, title: string, request: SampleRequest): Html {
  return html`<fieldset class="samples" aria-label="Request: ${title}"><legend>Request</legend>
<div class="languages">${
    languages.map(({ id, title }, index) =>
      html`<label><input type="radio" name="sample-${name}" value="${id}"${
        index === 0 ? raw(" checked") : ""
      }><span>${title}</span></label>`
    )
  }</div>
${
    languages.map((language) =>
      codeBlock(language.write(request), {
        syntax: language.syntax,
        label: `${title}, ${language.title}`,
        language: language.id,
      })
    )
  }</fieldset>`;
}

/** The answers of success, and the first refusal that is the call's own. */
function renderExamples({ summary, responses }: ApiOperation, description: ApiDescription): Html {
  const show = (status: string, title: string, value: unknown) =>
    html`<p class="answer"><span class="status ${toneOf(status)}">${status}</span> ${title}</p>${
      typeof value === "string"
        ? codeBlock(value, { syntax: "", label: `Response ${status}: ${summary}` })
        : codeBlock(JSON.stringify(value, null, 2), {
          syntax: "json",
          label: `Response ${status}: ${summary}`,
        })
    }`;
  const examples: Html[] = [];
  let refusal: Html | null = null;
  for (const [status, given] of Object.entries(responses)) {
    const { description: text, content = {} } = follow(given, description);
    const [media] = Object.values<ApiMedia>(content);
    if (isOwn(status, given, description)) {
      if (media && "example" in media) examples.push(show(status, text, media.example));
      continue;
    }
    const [own] = Object.entries(media?.examples ?? {}).filter(([code]) => !common.has(code));
    if (!own || refusal) continue;
    const example = description.components.examples[own[1].$ref.replace("#/components/examples/", "")];
    refusal = show(status, own[0], example.value);
  }
  return html`${examples}${refusal ?? ""}`;
}

/** Refusals that most calls have, which say little about one. */
const common = new Set([
  "INVALID_REQUEST",
  "PAYLOAD_TOO_LARGE",
  "CONTENT_ENCODING_UNSUPPORTED",
  "IDEMPOTENCY_KEY_REUSED",
  "RATE_LIMITED",
  "OVERLOADED",
  "UNAVAILABLE",
  "INTERNAL",
  "API_KEY_REQUIRED",
  "API_KEY_INVALID",
  "SIGN_IN_REQUIRED",
  "SECOND_FACTOR_MISSING",
  "FORBIDDEN",
  "CROSS_SITE",
]);
