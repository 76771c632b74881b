// The documentation as a site: which page is at which address, each rendered when it is first asked for and kept. Loaded
// with the first request, because no other request needs what renders it.
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ApiTagGroup } from "../../request/dialect_module.ts";
import type { Limits } from "../../request/limits.ts";
import type { ApiDescription } from "../../request/openapi_types.ts";
import { cacheControl, ownFilesPolicy, type StaticFile } from "../static_file.ts";
import { DOCS, FILES, GUIDES, LIBRARIES, openDocuments } from "./documents.ts";
import { type Html, html } from "./html.ts";
import { type NavigationGroup, type Page, type PageAssets, renderPage } from "./layout.ts";
import {
  type Content,
  renderCards,
  renderErrors,
  renderEvents,
  renderLimits,
  renderOverview,
  renderSubject,
  subjectPath,
} from "./reference_pages.ts";
import { createSearch, listEntries, searchOptions, type SearchResult } from "./search_index.ts";

export interface SiteOptions {
  describe(): ApiDescription;
  tagGroups: ApiTagGroup[];
  limits: Limits;
  /** Where the server is reached. */
  publicUrl: string;
}

export interface DocsSite {
  /** A page, or an image of a document; null where there is none. */
  find(path: string): StaticFile | null;
  /** A style sheet, a script or the entries of the search; null where there is none. */
  findAsset(path: string): StaticFile | null;
  /** The page of results. */
  search(query: string): StaticFile;
  /** The page that says that there is none. */
  notFound(): StaticFile;
}

const TROUBLESHOOTING = `${GUIDES}/troubleshooting`;
const ASSETS = `${DOCS}/assets`;
const here = fileURLToPath(new URL("./assets/", import.meta.url));
const SCRIPT = "text/javascript; charset=utf-8";

export function createSite({ describe, tagGroups, limits, publicUrl }: SiteOptions): DocsSite {
  const documents = openDocuments();
  const pages = new Map<string, StaticFile>();
  const assets = new Map<string, StaticFile>();
  const addresses = addAssets(assets);
  let found: ((query: string) => SearchResult[]) | undefined;
  let entries: StaticFile | undefined;

  const subjects = new Map(
    tagGroups.flatMap(({ tags }) => tags).map((tag) => [subjectPath(tag.name), tag]),
  );
  const guides = documents.groups.map(({ title, links }) => ({
    title,
    links: links.map((link) =>
      [GUIDES, LIBRARIES].includes(link.path) ? { ...link, title: "Overview" } : link
    ),
  }));
  /** What code adds to a document of the reference. */
  const additions: Record<string, () => Content> = {
    [`${DOCS}/errors`]: renderErrorsWithLinks,
    [`${DOCS}/webhooks`]: () => renderEvents(describe()),
    [`${DOCS}/limits`]: () => renderLimits(limits),
  };

  function renderErrorsWithLinks(): Content {
    const file = documents.files.get(TROUBLESHOOTING);
    const ids = new Set(file ? documents.read(file).headings.map(({ id }) => id) : []);
    return renderErrors(describe(), (code) => {
      const id = code.toLowerCase();
      return ids.has(id) ? `${TROUBLESHOOTING}#${id}` : null;
    });
  }

  function navigationOf(path: string, below: NavigationGroup["links"][number]["below"]): NavigationGroup[] {
    const mark = (link: { title: string; path: string }) => link.path === path ? { ...link, below } : link;
    return [
      {
        title: "API reference",
        links: [{ title: "Overview", path: DOCS }, ...documents.reference].map(mark),
      },
      ...tagGroups.map(({ name, tags }) => ({
        title: name,
        links: tags.map((tag) => mark({ title: tag.name, path: subjectPath(tag.name) })),
      })),
      ...guides,
    ];
  }

  function write(page: Page, below?: Content["headings"]): StaticFile {
    const links = below?.map(({ id, title }) => ({ title, path: `#${id}` }));
    return fileOf(renderPage(page, navigationOf(page.path, links), addresses), "text/html; charset=utf-8", {
      "content-security-policy": ownFilesPolicy,
    });
  }

  function render(path: string): StaticFile | null {
    if (path === DOCS) {
      const content = renderOverview({ url: publicUrl, tagGroups, links: documents.reference });
      return write({ title: "API reference", path, content, isWide: true });
    }
    const subject = subjects.get(path);
    if (subject) {
      const { content, headings } = renderSubject(subject, describe());
      return write({ title: subject.name, path, content, isWide: true }, headings);
    }
    if (path === GUIDES) return write(renderGuides());
    const file = documents.files.get(path);
    if (!file) return path.startsWith(`${FILES}/`) ? imageAt(path.slice(FILES.length + 1)) : null;
    const { title, content, headings } = documents.read(file);
    const added = additions[path]?.();
    return write({
      title,
      path,
      content: html`${content}${added?.content ?? ""}`,
      headings: [...headings, ...added?.headings ?? []],
    });
  }

  function renderGuides(): Page {
    const overview = documents.files.get(GUIDES);
    const { title, content, headings } = overview
      ? documents.read(overview)
      : { title: "Guides", content: html``, headings: [] };
    // An overview lists its own group.
    const groups = guides.filter(({ links }) => links[0].path !== GUIDES).map(({ title, links }) =>
      html`
        <h2>${title}</h2>
        ${renderCards(links)}
      `
    );
    return { title, path: GUIDES, content: html`${content}${groups}`, headings };
  }

  function imageAt(path: string): StaticFile | null {
    const image = documents.readImage(path);
    return image && fileOf(image.content, image.type);
  }

  return {
    find(path) {
      const known = pages.get(path);
      if (known) return known;
      const page = render(path);
      if (page) pages.set(path, page);
      return page;
    },
    findAsset(path) {
      if (path !== addresses.search) return assets.get(path.replace(/\.[0-9a-f]{10}(?=\.\w+$)/, "")) ?? null;
      return entries ??= fileOf(
        JSON.stringify({ options: searchOptions, entries: listEntries(describe(), documents) }),
        "application/json; charset=utf-8",
      );
    },
    search(query) {
      found ??= createSearch(listEntries(describe(), documents));
      const results = query === "" ? [] : found(query);
      return write({
        title: "Search",
        path: `${DOCS}/search`,
        query,
        content: renderResults(query, results),
      });
    },
    notFound: () =>
      write({
        title: "Page not found",
        path: "",
        content: html`<p>No page of the documentation has this address. Search for it, or go to the
<a href="${DOCS}">API reference</a> or the <a href="${GUIDES}">guides</a>.</p>`,
      }),
  };
}

function renderResults(query: string, results: SearchResult[]): Html {
  if (results.length === 0) {
    return query === ""
      ? html`<p>Enter what you are looking for: a call, an error code, an event, a setting.</p>`
      : html`<p>No results for “${query}”. Try fewer or other words.</p>`;
  }
  return html`<ul class="found">${
    results.map(({ kind, title, path, text }) =>
      html`<li><a href="${path}">${title}</a> <span class="type">${kind}</span><p>${text}</p></li>`
    )
  }</ul>`;
}

/** Adds the files that pages load, and returns their addresses, which change with the content. */
function addAssets(assets: Map<string, StaticFile>): PageAssets {
  const add = (name: string, path: string, type: string) => {
    const content = readFileSync(path);
    const file = fileOf(content, type);
    assets.set(`${ASSETS}/${name}`, {
      ...file,
      headers: { ...file.headers, "cache-control": cacheControl.namedByContent },
    });
    return `${ASSETS}/${name.replace(/(?=\.\w+$)/, `.${digestOf(content)}`)}`;
  };
  // Of its two builds the one for browsers.
  const library = join(dirname(createRequire(import.meta.url).resolve("minisearch")), "../es/index.js");
  return {
    style: add("docs.css", join(here, "docs.css"), "text/css; charset=utf-8"),
    script: add("docs.js", join(here, "docs.js"), SCRIPT),
    library: add("minisearch.js", library, SCRIPT),
    search: `${ASSETS}/search.json`,
  };
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

function fileOf(
  content: string | Uint8Array<ArrayBuffer>,
  type: string,
  headers: Record<string, string> = {},
): StaticFile {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    content: bytes,
    headers: {
      "content-type": type,
      "cache-control": cacheControl.revalidated,
      // The same text in another encoding counts as the same.
      "etag": `W/"${digestOf(bytes)}"`,
      ...headers,
    },
    encoded: {},
  };
}
