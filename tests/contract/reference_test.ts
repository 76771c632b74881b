// The documentation below /docs: every call, event and error code has its entry with examples, samples are right in every
// language, links lead somewhere, and searching finds.
import assert from "node:assert/strict";
import { describeServer } from "../../server/api_description.ts";
import { listWebhooks, tagGroups } from "../../server/app.ts";
import { readEnvironment } from "../../server/config.ts";
import { publicEventTypes } from "../../server/domain/events/catalogue/catalogue.ts";
import { languages } from "../../server/pages/docs/code_samples.ts";
import { openDocuments } from "../../server/pages/docs/documents.ts";
import { type Call, listCalls, sampleRequestOf } from "../../server/pages/docs/operation.ts";
import { subjectPath } from "../../server/pages/docs/reference_pages.ts";
import { createSite } from "../../server/pages/docs/site.ts";
import { errorCodes, meanings } from "../../server/request/error_messages.ts";
import { exampleErrorsOf } from "../../server/request/error_examples.ts";
import { describeApiError } from "../../server/request/error_form.ts";
import { remedies } from "../../server/request/error_remedies.ts";
import { createLimits } from "../../server/request/limits.ts";
import { assertNone } from "../rules/source.ts";
import {
  compileSamples,
  runCurl,
  runPython,
  runTypescript,
  type SentRequest,
} from "../support/run_samples.ts";
import { test } from "../support/test.ts";

const description = describeServer();
const documents = openDocuments();
const site = createSite({
  describe: () => description,
  tagGroups,
  limits: createLimits(readEnvironment({})),
  publicUrl: "https://licenses.example.com",
});
const calls = listCalls(description);
const nameOf = ({ method, path }: Call) => `${method} ${path}`;

function htmlOf(path: string): string {
  const page = site.find(path);
  assert.ok(page, `${path} is no page`);
  return new TextDecoder().decode(page.content);
}

/** The part of a page from an id to the end of its section. */
function sectionOf(path: string, id: string): string {
  const text = htmlOf(path);
  const at = text.indexOf(`id="${id}"`);
  assert.ok(at >= 0, `${path} has no ${id}`);
  return text.slice(at, text.indexOf("</section>", at));
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** Every address of the site. */
const paths = [
  ...new Set([
    "/docs",
    "/docs/guides",
    ...tagGroups.flatMap(({ tags }) => tags).map(({ name }) => subjectPath(name)),
    ...documents.files.keys(),
  ]),
];

test("every call has its entry with a request in six languages and an example of each answer", () => {
  const without: string[] = [];
  for (const call of calls) {
    const { operation: { tags: [tag], operationId, summary, responses } } = call;
    const section = sectionOf(subjectPath(tag), operationId);
    if (!section.includes(escaped(summary))) without.push(`${nameOf(call)}: its summary`);
    for (const { id } of languages) {
      if (!section.includes(`data-language="${id}"`)) without.push(`${nameOf(call)}: ${id}`);
    }
    for (const [status, response] of Object.entries(responses)) {
      if (!section.includes(`>${status}</span>`)) without.push(`${nameOf(call)}: ${status}`);
      if (!status.startsWith("2") || !("content" in response)) continue;
      if (!section.includes(`aria-label="Response ${status}: ${escaped(summary)}"`)) {
        without.push(`${nameOf(call)}: an example of ${status}`);
      }
    }
  }
  assert.ok(calls.length > 150);
  assertNone(without, "Describe in the declaration of the call:");
});

test("every refused answer has an example of each of its codes, with that status", () => {
  const without = calls.flatMap((call) =>
    Object.entries(call.operation.responses).filter(([status]) => status >= "4").flatMap(
      ([status, given]) => {
        const response = "$ref" in given
          ? description.components.responses[given.$ref.split("/").at(-1)!]
          : given;
        const media = response.content?.["application/json"];
        // An answer of the verb itself, such as a check that is answered 403.
        if (media && "example" in media) return [];
        const codes = [...response.description.matchAll(/^- `(\w+)`/gm)].map(([, code]) => code);
        const examples = Object.keys(media?.examples ?? {});
        return codes.length > 0 && String(codes) === String(examples) ? [] : [`${nameOf(call)}: ${status}`];
      },
    )
  );
  assertNone(without, "Add the code to server/request/error_examples.ts:");
});

test("every error code is in the catalogue with its cause, its remedy and an example", () => {
  for (const code of errorCodes) {
    const section = sectionOf("/docs/errors", code);
    const { cause, remedy } = remedies[code];
    for (const text of [cause, remedy]) {
      assert.match(text, /^[A-Z`].*[.]$/, code);
      const [plain] = text.split("`");
      assert.ok(section.includes(escaped(plain).replaceAll("&#39;", "'")), `${code}: ${text}`);
    }
    assert.match(section, /<pre /, code);
    const examples = exampleErrorsOf(code);
    assert.ok(examples.every((error) => error.code === code), code);
    assert.equal(describeApiError(examples[0]).status, meanings[code].status, code);
  }
});

test("every public event is a webhook of the description, with an example that its schema accepts", () => {
  assert.deepEqual(Object.keys(description.webhooks), publicEventTypes);
  for (const { event, body } of listWebhooks()) {
    const { example } = description.webhooks[event].post.requestBody!.content["application/json"];
    assert.deepEqual(body.parse(example), example, event);
    const section = sectionOf("/docs/webhooks", event);
    assert.match(section, /<pre /, event);
    for (const field of Object.keys((example as { data: object }).data)) {
      assert.ok(section.includes(`<code>${field}</code>`), `${event}: ${field}`);
    }
  }
});

/** What a sample has to send. */
function expected(call: Call): SentRequest {
  const { method, url, headers, body } = sampleRequestOf(call, description);
  return { method, url, headers, body: !body ? null : "json" in body ? body.json : body.text.trimEnd() };
}

const samplesOf = (id: string) =>
  calls.map((call) =>
    languages.find((language) => language.id === id)!.write(sampleRequestOf(call, description))
  );

test("the samples for curl send what they should", async () => {
  assert.deepEqual(await runCurl(samplesOf("curl")), calls.map(expected));
});

test("the samples in TypeScript compile and send what they should", async () => {
  assert.deepEqual(
    await runTypescript(samplesOf("typescript")),
    // The Fetch standard forbids a body with GET.
    calls.map(expected).map((request) =>
      request.body === null ? request : { ...request, method: methodFor(request) }
    ),
  );
});

function methodFor({ method }: SentRequest): string {
  return method === "GET" ? "POST" : method;
}

test("the samples in Python compile and send what they should", async () => {
  const sent = await runPython(samplesOf("python"));
  if (sent) assert.deepEqual(sent, calls.map(expected));
});

test("the samples in C#, Java and Go name the address and the headers, and have the body as it is", () => {
  const literals: Record<string, (sample: string) => string | undefined> = {
    csharp: (sample) => sample.match(/"""\n([^]*?)\n {4}"""/)?.[1],
    java: (sample) => sample.match(/"""\n([^]*?)\n +"""/)?.[1].replaceAll("\\\\", "\\"),
    go: (sample) => sample.match(/NewReader\(`([^`]*)`\)/)?.[1],
  };
  for (const [id, literalOf] of Object.entries(literals)) {
    const samples = samplesOf(id);
    for (const [index, { url, headers, body }] of calls.map(expected).entries()) {
      const sample = samples[index];
      for (const text of [url, ...Object.entries(headers).flat()]) {
        assert.ok(
          text === "Content-Type" || sample.includes(JSON.stringify(text)),
          `${id}: ${text} in ${sample}`,
        );
      }
      const literal = literalOf(sample);
      assert.deepEqual(
        literal === undefined
          ? null
          : typeof body === "string"
          ? literal.replace(/^ +/gm, "").trimEnd()
          : JSON.parse(literal),
        body,
        `${id}: ${sample}`,
      );
      for (const [open, close] of ["()", "{}"]) {
        assert.equal(sample.split(open).length, sample.split(close).length, `${id}: ${sample}`);
      }
    }
  }
});

test("the samples in Java and Go compile, where their compilers are installed", async () => {
  // One of each form: a compiler takes seconds for all calls.
  const forms = new Map(calls.map((call) => {
    const { method, headers, body } = sampleRequestOf(call, description);
    return [`${method} ${Object.keys(headers)} ${body && Object.keys(body)}`, call];
  }));
  const shown = [...forms.values()].map((call) => sampleRequestOf(call, description));
  for (const id of ["java", "go"] as const) {
    const { write } = languages.find((language) => language.id === id)!;
    await compileSamples(id, shown.map(write));
  }
});

test("every page has a heading, each id once, and links that lead to a page and a place on it", () => {
  const known = new Set(paths);
  const idsOf = (text: string) => [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  const ids = new Map(paths.map((path) => [path, idsOf(htmlOf(path))]));
  const broken: string[] = [];
  for (const path of paths) {
    const text = htmlOf(path);
    if (text.match(/<h1>/g)?.length !== 1) broken.push(`${path} has another number of h1 than one`);
    const own = ids.get(path)!;
    for (const id of own.filter((id, index) => own.indexOf(id) !== index)) {
      broken.push(`${path}: #${id} twice`);
    }
    for (const [, href] of text.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
      if (/^(https?:|mailto:)/.test(href)) continue;
      const [to, id] = href.split("#");
      if (["/dashboard", "/openapi.json"].includes(to)) continue;
      if (to !== "" && !known.has(to)) broken.push(`${path} links to ${href}`);
      else if (id && !ids.get(to || path)!.includes(decodeURIComponent(id))) {
        broken.push(`${path} links to ${href}`);
      }
    }
    for (const [, source] of text.matchAll(/<img src="([^"]*)"/g)) {
      if (!site.find(source)) broken.push(`${path} shows ${source}`);
    }
  }
  assertNone(broken, "Correct these:");
});

test("the overviews say in a sentence what their documents are about", () => {
  for (const path of ["/docs", "/docs/guides"]) {
    const lists = [...htmlOf(path).matchAll(/<ul class="cards">[^]+?<\/ul>/g)].join("");
    const cards = [...lists.matchAll(/<li><a href="([^"]+)">[^<]+<\/a>(<p>[^]+?<\/p>)?<\/li>/g)];
    assert.ok(cards.length > 10, path);
    assertNone(
      cards.filter(([, , about = ""]) => !/[.!]<\/p>$/.test(about)).map(([, to]) => `${path}: ${to}`),
      "Begin the document with a paragraph:",
    );
  }
});

test("pages load nothing of other hosts and have no script or style in their markup", () => {
  for (const path of paths) {
    const text = htmlOf(path);
    assert.doesNotMatch(text, /<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!\/)/, path);
    assert.doesNotMatch(text, /<style|<script(?! (?:type="module" )?src=)|\sstyle="|\son\w+="/, path);
  }
});

test("searching finds calls, fields, events, errors and guides, and forgives a typing error", () => {
  const find = (query: string) => {
    const text = new TextDecoder().decode(site.search(query).content);
    return [...text.matchAll(/<a href="([^"]+)">[^<]*<\/a> <span class="type">/g)].map(([, path]) => path);
  };
  for (
    const [query, path] of [
      ["activate license", "/docs/api/license-api#activateLicense"],
      ["actvate licence", "/docs/api/license-api#activateLicense"],
      ["/api/license/verify", "/docs/api/license-api#verifyLicense"],
      ["hardware_hash", "/docs/api/license-api#sendHeartbeat"],
      ["license.expiring", "/docs/webhooks#license.expiring"],
      ["ACTIVATION_LIMIT_REACHED", "/docs/errors#ACTIVATION_LIMIT_REACHED"],
      ["idempotency", "/docs/idempotency"],
      ["restore backup", "/docs/guides/operations/backup"],
    ]
  ) {
    assert.ok(find(query).includes(path), `${query}: ${find(query)}`);
  }
  assert.ok(!find("seat").includes("/docs/guides/operations/identity_provider#set-up"));
  assert.deepEqual(find("no such word anywhere"), []);
  const text = new TextDecoder().decode(site.search("<b>&").content);
  assert.ok(text.includes("&lt;b&gt;&amp;") && !text.includes("<b>"));
  const found = new TextDecoder().decode(site.search("max_users seat").content);
  assert.match(found, /<p>max_users limits how many devices/, "names are shown as they are written");
});

test("the browser's search gets the same entries", () => {
  const file = site.findAsset("/docs/assets/search.json")!;
  const { options, entries } = JSON.parse(new TextDecoder().decode(file.content));
  assert.ok(entries.length > calls.length + errorCodes.length + publicEventTypes.length);
  for (const field of options.fields) assert.ok(field in entries[0], field);
});
