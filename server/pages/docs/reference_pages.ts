// The generated pages of the API reference: overview, the calls of a subject, errors, webhooks and limits.
import type { ApiTag, ApiTagGroup } from "../../request/dialect_module.ts";
import { exampleErrorsOf } from "../../request/error_examples.ts";
import { documentedForm } from "../../request/error_form.ts";
import { type ApiErrorCode, errorCodes, meanings } from "../../request/error_messages.ts";
import { remedies } from "../../request/error_remedies.ts";
import type { Limits } from "../../request/limits.ts";
import type { ApiDescription } from "../../request/openapi_types.ts";
import type { Limit } from "../../request/rate_limiter.ts";
import type { DocumentLink } from "./documents.ts";
import { codeBlock, type Html, html, slugOf } from "./html.ts";
import { heading } from "./layout.ts";
import { type Heading, renderInline } from "./markdown.ts";
import { listCalls, renderCall, renderSamples } from "./operation.ts";
import { renderFields } from "./schema_fields.ts";

export interface Content {
  content: Html;
  headings: Heading[];
}

/** The address of a subject's page. */
export function subjectPath(tag: string): string {
  return `/docs/api/${slugOf(tag)}`;
}

/** The page that everything else is reached from. It needs no description, so that it is there at once. */
export function renderOverview(
  { url, tagGroups, links }: {
    url: string;
    tagGroups: ApiTagGroup[];
    links: DocumentLink[];
  },
): Html {
  const server = url.replace(/\/$/, "");
  const request = {
    method: "POST",
    url: `${server}/api/license/verify`,
    headers: { "X-API-Key": "YOUR_API_KEY", "Content-Type": "application/json" },
    body: { json: { license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" } },
    answersJson: true,
  };
  return html`
    <p
      class="lead">Activate, validate and manage software licenses over HTTP. Requests and responses are JSON.</p>
    <p>The API of this server is at <code>${server}</code>. Apps call it with an <a href="/docs/authentication">API key</a> or a
    user's session, administrators with an access token.</p>
    ${heading(2, "first-request", "First request")}
    <p>Create an API key in the panel, then ask whether a license is valid on a device:</p>
    ${renderSamples("first-request", "Validate a license", request)}
    ${heading(2, "working-with-the-api", "Working with the API")}
    ${renderCards(links)}
    ${tagGroups.map(({ name, tags }) =>
      html`${heading(2, slugOf(name), name)}${
        renderCards(
          tags.map(({ name, description }) => ({ title: name, path: subjectPath(name), about: description })),
        )
      }`
    )}
  `;
}

/** Links, each with a sentence. */
export function renderCards(links: Pick<DocumentLink, "title" | "path" | "about">[]): Html {
  return html`<ul class="cards">${
    links.map(({ title, path, about }) =>
      html`<li><a href="${path}">${title}</a>${about && html`<p>${renderInline(about)}</p>`}</li>`
    )
  }</ul>`;
}

/** The calls of a subject. */
export function renderSubject({ name, description: text }: ApiTag, description: ApiDescription): Content {
  const calls = listCalls(description).filter(({ operation }) => operation.tags.includes(name));
  return {
    content: html`<p class="lead">${text}</p>${calls.map((call) => renderCall(call, description))}`,
    headings: calls.map(({ operation }) => ({
      id: operation.operationId,
      title: operation.summary,
      level: 2,
    })),
  };
}

/**
 * The catalogue of errors.
 *
 * @param moreOn where a guide says more about a code; null where none does
 */
export function renderErrors(
  description: ApiDescription,
  moreOn: (code: ApiErrorCode) => string | null,
): Content {
  const answers = errorAnswersOf(description);
  return {
    content: html`${
      errorCodes.map((code) => renderError(code, answers.get(code) ?? new Map(), moreOn(code)))
    }`,
    headings: errorCodes.map((code) => ({ id: code, title: code, level: 2 })),
  };
}

/** The bodies of each code by their text, with the statuses that they come with. */
function errorAnswersOf(description: ApiDescription): Map<string, Map<string, Set<string>>> {
  const { components } = description;
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { operation: { responses } } of listCalls(description)) {
    for (const [status, given] of Object.entries(responses)) {
      const response = "$ref" in given ? components.responses[given.$ref.split("/").at(-1)!] : given;
      for (const [code, { $ref }] of Object.entries(response.content?.["application/json"]?.examples ?? {})) {
        const body = JSON.stringify(components.examples[$ref.split("/").at(-1)!].value, null, 2);
        const bodies = found.get(code) ?? new Map<string, Set<string>>();
        found.set(code, bodies.set(body, (bodies.get(body) ?? new Set()).add(status)));
      }
    }
  }
  return found;
}

function renderError(code: ApiErrorCode, answers: Map<string, Set<string>>, more: string | null): Html {
  const { status, message } = meanings[code];
  const { cause, remedy } = remedies[code];
  const bodies = answers.size > 0
    ? [...answers]
    : exampleErrorsOf(code).map((error): [string, Set<string>] => {
      const { status, body } = documentedForm.errorResponse(error);
      return [JSON.stringify(body, null, 2), new Set([String(status)])];
    });
  const statuses = [...new Set([String(status), ...bodies.flatMap(([, statuses]) => [...statuses])])];
  return html`<section class="error">${heading(2, code, code)}
<p>${
    statuses.map((status) =>
      html`
        <span class="status bad">${status}</span>
      `
    )
  }${message}</p>
<dl class="remedy"><dt>When</dt><dd>${renderInline(cause)}</dd><dt>What to do</dt><dd>${
    renderInline(remedy)
  }${
    more
      ? html`
        <a href="${more}">More on ${code}</a>
      `
      : ""
  }</dd></dl>${
    bodies.map(([body, statuses]) =>
      codeBlock(body, { syntax: "json", label: `${code}, ${[...statuses].join(" and ")}` })
    )
  }</section>`;
}

/** The events that webhooks deliver. */
export function renderEvents({ webhooks, components: { schemas } }: ApiDescription): Content {
  const events = Object.entries(webhooks);
  return {
    content: html`${heading(2, "events", "Events")}${
      events.map(([event, { post }]) => {
        const { schema = {}, example } = post.requestBody!.content["application/json"];
        return html`
          <section class="call" aria-labelledby="${event}">
            <div class="about">${heading(3, event, event)}<p>${renderInline(
              post.description,
            )}</p>${renderFields(schema, schemas) ?? ""}</div>
            <div class="examples">${codeBlock(JSON.stringify(example, null, 2), {
              syntax: "json",
              label: `Body of ${event}`,
            })}</div>
          </section>
        `;
      })
    }`,
    headings: [
      { id: "events", title: "Events", level: 2 },
      ...events.map(([event]) => ({ id: event, title: event, level: 3 })),
    ],
  };
}

/** What each limit counts. A new limit has to be described to compile. */
const counted: Record<Exclude<keyof Limits, "attempts">, { calls: string; by: string }> = {
  public: {
    calls: "License, session and update calls, and everything that needs no credential",
    by: "IP address",
  },
  administrator: { calls: "Administration", by: "session or access token" },
  heartbeat: { calls: "Heartbeats", by: "activation" },
  signIn: { calls: "Sign-in of users", by: "IP address" },
  administratorSignIn: { calls: "Sign-in of administrators", by: "IP address" },
  mail: { calls: "Emailed sign-in and password links", by: "mailbox" },
  license: { calls: "License calls of signed-in users", by: "user" },
  device: { calls: "Device calls of signed-in users", by: "user" },
  wrongCredentials: { calls: "Requests with wrong credentials", by: "IP address" },
};

/** The limits of this server. */
export function renderLimits(limits: Limits): Content {
  const rows = Object.entries(counted).map(([name, { calls, by }]) =>
    html`
      <tr>
        <td>${calls}</td>
        <td>${by}</td>
        <td>${figureOf(limits[name as keyof typeof counted])}</td>
      </tr>
    `
  );
  return {
    content: html`
      ${heading(2, "limits-of-this-server", "Limits of this server")}
      <div class="table" tabindex="0" role="group" aria-label="Limits of this server">
        <table>
          <thead>
            <tr>
              <th scope="col">Calls</th>
              <th scope="col">Counted by</th>
              <th scope="col">Limit</th>
            </tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
    `,
    headings: [{ id: "limits-of-this-server", title: "Limits of this server", level: 2 }],
  };
}

function figureOf(limit: Limit | null): string {
  if (!limit) return "none";
  if (limit.kind === "bucket") {
    return `${limit.max} at once, then one every ${limit.intervalMs / 1000} seconds`;
  }
  const minutes = limit.windowMs / 60_000;
  return `${limit.max} ${minutes === 1 ? "a minute" : `in ${minutes} minutes`}`;
}
