// The frame of every page of the documentation: bar with search and theme, navigation, content, and what is on the page.
// Everything works without a script; assets/docs.js adds comfort.
import { version } from "../../version.ts";
import { type Html, html, raw } from "./html.ts";
import { anchorOf, type Heading } from "./markdown.ts";

export interface NavigationLink {
  title: string;
  path: string;
  /** Shown while the page is open. */
  below?: { title: string; path: string }[];
}

export interface NavigationGroup {
  title: string;
  links: NavigationLink[];
}

export interface Page {
  title: string;
  path: string;
  content: Html;
  /** What is listed beside the content. */
  headings?: Heading[];
  /** Whether the content takes the width of that list, too. */
  isWide?: boolean;
  /** What was searched for. */
  query?: string;
}

/** Addresses of the files that every page loads. */
export interface PageAssets {
  style: string;
  script: string;
  search: string;
  library: string;
}

const mark = html`
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true">
    <circle cx="8" cy="8" r="5" />
    <path d="m11.5 11.5 9 9M17 17l2.5-2.5M14 14l2-2" />
  </svg>
`;

/** The page as HTML. */
export function renderPage(page: Page, navigation: NavigationGroup[], assets: PageAssets): string {
  const { title, content, headings = [], isWide = false, query = "" } = page;
  const listed = headings.filter(({ level }) => level <= 3);
  const list = !isWide && listed.length > 2 ? renderHeadings(listed) : html``;
  return String(html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title} · Latchkey</title>
        <link rel="icon" type="image/svg+xml" href="/latchkey.svg">
        <script src="/theme.js"></script>
        <link rel="stylesheet" href="/tokens.css">
        <link rel="stylesheet" href="${assets.style}">
        <script type="module" src="${assets.script}" data-search="${assets.search}" data-library="${assets
          .library}"></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to main content</a>
        <header class="bar">
          <button class="menu" type="button" popovertarget="navigation">Menu</button>
          <a class="brand" href="/docs" aria-label="Latchkey documentation">${mark}<span>Latchkey</span></a>
          <form class="search" role="search"
            action="/docs/search"><input type="search" name="q" value="${query}" placeholder="Search" aria-label="Search the documentation" autocomplete="off" maxlength="100" required><div class="results" hidden></div></form>
          <nav class="sites"
            aria-label="Site"><a href="/docs/guides">Guides</a><a href="/docs">API reference</a><a href="/dashboard">Panel</a></nav>
          <label class="theme"
            hidden><span>Theme</span> <select><option value="">System</option><option value="light">Light</option><option value="dark">Dark</option></select></label>
        </header>
        <div class="frame${isWide ? raw(" wide") : ""}">
    <nav class="navigation" id="navigation" popover aria-label="Documentation">${navigation.map((group) =>
      renderGroup(group, page.path)
    )}</nav>
    <main id="content" tabindex="-1">
    <h1>${title}</h1>
    ${content}
    </main>
    ${list}
        </div>
        <footer>Latchkey ${version} · <a href="/openapi.json">OpenAPI 3.1 description</a></footer>
      </body>
    </html>
  `);
}

function renderGroup({ title, links }: NavigationGroup, current: string): Html {
  return html`
    <section>
      <h2>${title}</h2>
      <ul>${links.map(({ title, path, below = [] }) => {
        const isCurrent = path === current;
        return html`<li><a href="${path}"${isCurrent ? raw(' aria-current="page"') : ""}>${title}</a>${
          isCurrent && below.length > 0
            ? html`<ul>${below.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`)}</ul>`
            : ""
        }</li>`;
      })}</ul>
    </section>
  `;
}

function renderHeadings(headings: Heading[]): Html {
  return html`
    <nav class="contents" aria-label="On this page">
      <h2>On this page</h2>
      <ul>${headings.map(({ id, title, level }) =>
        html`<li${level > 2 ? raw(' class="deeper"') : ""}><a href="#${id}">${breakable(title)}</a></li>`
      )}</ul>
    </nav>
  `;
}

/** A heading that can be linked to. */
export function heading(level: 2 | 3, id: string, title: string): Html {
  const content = html`${title} ${raw(anchorOf({ id, title }))}`;
  return level === 2 ? html`<h2 id="${id}">${content}</h2>` : html`<h3 id="${id}">${content}</h3>`;
}

/** A name such as "ACTIVATION_LIMIT_REACHED" that can continue on the next line after each of its words. */
function breakable(name: string): Html {
  return html`${name.split(/(?<=_)/).map((part, index) => index === 0 ? part : html`<wbr>${part}`)}`;
}
