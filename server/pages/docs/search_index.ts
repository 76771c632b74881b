// What can be found by searching: calls, events, errors, and every section of every document. The browser builds the same
// index from the same entries; without a script a page of the server answers.
import MiniSearch from "minisearch";
import { truncate } from "../../domain/text.ts";
import { errorCodes, meanings } from "../../request/error_messages.ts";
import { remedies } from "../../request/error_remedies.ts";
import type { ApiDescription, ApiOperation } from "../../request/openapi_types.ts";
import type { Documents } from "./documents.ts";
import { listCalls } from "./operation.ts";
import { subjectPath } from "./reference_pages.ts";

export interface SearchEntry {
  id: number;
  /** "Call", "Event", "Error", or the title of a document. */
  kind: string;
  title: string;
  path: string;
  /** Names by which it is known: codes, fields, addresses. */
  names: string;
  text: string;
}

export type SearchResult = Pick<SearchEntry, "kind" | "title" | "path" | "text">;

const MAX_RESULTS = 30;
const MAX_TEXT = 300;

/** How entries are indexed and found, for this process and for browsers. */
export const searchOptions = {
  fields: ["title", "names", "text"],
  storeFields: ["kind", "title", "path", "text"],
  // A word of five letters may have a typing error, one of thirteen two; with shorter ones "seat" would be "set".
  searchOptions: { prefix: true, fuzzy: 0.12, combineWith: "AND", boost: { title: 4, names: 3 } },
} as const;

export function listEntries(description: ApiDescription, documents: Documents): SearchEntry[] {
  const entries: Omit<SearchEntry, "id">[] = [
    ...listCalls(description).map(({ method, path, operation }) => ({
      kind: "Call",
      title: operation.summary,
      path: `${subjectPath(operation.tags[0])}#${operation.operationId}`,
      names: [
        method,
        path,
        operation.operationId,
        ...operation.parameters.map(({ name }) => name),
        ...fieldsOf(operation, description),
      ].join(" "),
      text: `${method} ${path}. ${operation.description}`,
    })),
    ...Object.entries(description.webhooks).map(([event, { post }]) => ({
      kind: "Event",
      title: event,
      path: `/docs/webhooks#${event}`,
      names: `webhook ${post.summary}`,
      text: post.description,
    })),
    ...errorCodes.map((code) => ({
      kind: "Error",
      title: code,
      path: `/docs/errors#${code}`,
      names: String(meanings[code].status),
      text: `${meanings[code].message} ${remedies[code].cause} ${remedies[code].remedy}`,
    })),
    ...[...documents.files].filter(([, file]) => !file.startsWith("decisions/")).flatMap(([path, file]) => {
      const { title, sections } = documents.read(file);
      return sections.map(({ heading, text }) => ({
        kind: title,
        title: heading.title,
        path: heading.id ? `${path}#${heading.id}` : path,
        names: "",
        text: truncate(text.trim(), MAX_TEXT),
      }));
    }),
  ];
  return entries.map((entry, id) => ({ id, ...entry }));
}

/** The names in the body of a request. */
function fieldsOf({ requestBody }: ApiOperation, { components }: ApiDescription): string[] {
  const { schema } = requestBody?.content["application/json"] ?? {};
  const { properties = {} } = components.schemas[String(schema?.$ref).split("/").at(-1)!] ?? {};
  return Object.keys(properties as object);
}

/** Searches the entries. */
export function createSearch(entries: SearchEntry[]): (query: string) => SearchResult[] {
  const index = new MiniSearch<SearchEntry>({
    ...searchOptions,
    fields: [...searchOptions.fields],
    storeFields: [...searchOptions.storeFields],
  });
  index.addAll(entries);
  return (query) =>
    index.search(query).slice(0, MAX_RESULTS).map(({ kind, title, path, text }) => ({
      kind,
      title,
      path,
      text,
    }));
}
