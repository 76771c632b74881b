// The panel in a real browser, signed in, on a desktop or a phone. A page with console messages, requests to other
// hosts or accessibility violations fails the test that opened it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Page } from "playwright-core";
import type { Role } from "../../server/domain/actor.ts";
import { type Caller, makeAdministrator, PASSWORD } from "./administrators.ts";
import { type FileBrowser, openSharedBrowser } from "./browser.ts";
import { startTestServer, type TestServer } from "./server.ts";
import { afterEach, stopAtEnd } from "./test.ts";

export const sizes = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

export interface OpenedPage {
  page: Page;
  who: Caller;
  /** Problems of the page so far: console messages and requests. Empty it where a test provokes them. */
  problems: string[];
  /** Resolves once the event stream is connected. */
  live(): Promise<void>;
  /**
   * Fails when the current page is not accessible, has repeated buttons of one name, is wider than the screen, or has
   * problems. Phones, and what is open above a page, are checked in both themes.
   */
  check(): Promise<void>;
  /** The same for what is open above the page only: dialogs, menus and lists of choices. */
  checkOpen(): Promise<void>;
}

export interface PanelOptions {
  /** Pages with the same role, size and theme share a session and a tab, unless an option says otherwise. */
  role?: Role;
  /** A session of its own, for tests that change sessions or the account. */
  isNew?: boolean;
  who?: Caller;
  size?: keyof typeof sizes;
  dark?: boolean;
  /** Without a session, for signing in through the pages. */
  isSignedOut?: boolean;
  /** The server's URL, where it is not the default. */
  url?: string;
  /** The browser's language, where it is not English. */
  locale?: string;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** In each page of a tab that is shared: to send axe's source once for each page would take 0.05 s. */
const defineAxe = `self.defineAxe = () => {${axe}\n}`;

/** A browser context with one tab. */
interface BrowserSession {
  context: BrowserContext;
  who: Caller;
  page: Page;
}

/**
 * A server and a browser for the tests of one file. Pages with the same role, size and theme share a tab, whose
 * scripts are compiled. Storage, listeners and drafts are cleared after each test and before the next page is opened.
 */
export async function startPanel(variables: Record<string, string> = {}) {
  const [server, browser] = await Promise.all([startTestServer(variables), openSharedBrowser()]);
  const shared = new Map<string, Promise<BrowserSession>>();
  const own: BrowserSession[] = [];

  afterEach(async () => {
    await Promise.all([...shared.values()].map(async (session) => clearPage((await session).page)));
    await Promise.all(own.splice(0).map(({ context }) => context.close()));
  });

  async function acquireSession(options: PanelOptions): Promise<BrowserSession> {
    if (options.isNew || options.who || options.isSignedOut || options.url || options.locale) {
      const session = await openSession(server, browser, options);
      own.push(session);
      return session;
    }
    const key = JSON.stringify([options.role, options.size, options.dark]);
    const known = shared.get(key);
    if (known) {
      await clearPage((await known).page);
      return known;
    }
    const session = openSession(server, browser, options).then(async (session) => {
      await session.context.addInitScript(defineAxe);
      return session;
    });
    shared.set(key, session);
    return await session;
  }

  return {
    server,
    browser,
    visit: async (path: string, options: PanelOptions = {}): Promise<OpenedPage> =>
      await openPage(await acquireSession(options), path, options.url ?? server.url),
    stop: stopAtEnd(async () => {
      await browser.close();
      await server.stop();
    }),
  };
}

async function openSession(
  server: TestServer,
  browser: FileBrowser,
  {
    role = "owner",
    who,
    size = "desktop",
    dark = false,
    isSignedOut = false,
    url = server.url,
    locale = "en-GB",
  }: PanelOptions,
): Promise<BrowserSession> {
  const person = who ?? await makeAdministrator(server, role);
  const context = await browser.newContext({
    baseURL: url,
    viewport: sizes[size],
    hasTouch: size === "phone",
    isMobile: size === "phone",
    colorScheme: dark ? "dark" : "light",
    locale,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  if (!isSignedOut) await context.addCookies([{ name: "latchkey_session", value: person.token, url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return { context, who: person, page };
}

/** Clears the storage and the listeners of a page, as if its tab were closed. */
async function clearPage(page: Page): Promise<void> {
  if (page.isClosed()) return;
  page.removeAllListeners();
  await page.unrouteAll();
  if (page.url() === "about:blank") return;
  page.on("dialog", (dialog) => void dialog.accept());
  await page.evaluate(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  await page.goto("about:blank");
  page.removeAllListeners("dialog");
}

/** Opens a page of the panel. */
async function openPage({ page, who }: BrowserSession, path: string, url: string): Promise<OpenedPage> {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) problems.push(`request to another host: ${request.url()}`);
  });
  await page.goto(path);
  // By its element: a drawer that the address opens hides the page from roles, when it is the faster of the two.
  await page.locator("h1").first().waitFor();
  const live = page.getByRole("button", { name: /live updates on/ });
  return {
    page,
    who,
    problems,
    live: () => live.waitFor(),
    check: () => checkPage(page, problems),
    checkOpen: () => checkOpen(page, problems),
  };
}

const guidelines = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What opens above a page. */
const OPEN = "[role=dialog], [role=menu], [role=listbox]";

async function checkOpen(page: Page, problems: string[]): Promise<void> {
  await assertAccessible(page, { runOnly: guidelines }, OPEN);
  await checkOtherTheme(page, OPEN);
  await assertNamedApart(page);
  assert.deepEqual(problems, []);
}

/** Keeps a page from learning what others change: the procedures whose names match are not answered any more. */
export async function holdQueries(page: Page, names: RegExp): Promise<void> {
  await page.route(names, (route) => {
    if (route.request().method() === "POST") return route.continue();
  });
}

async function checkPage(page: Page, problems: string[]): Promise<void> {
  // What a page that is scrolled has half under its top bar counts as too small to be touched.
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await assertAccessible(page, { runOnly: guidelines });
  await assertNamedApart(page);
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
  assert.ok(wide <= 0, `The page is ${wide} pixels wider than the screen.`);
  if (page.viewportSize()?.width === sizes.phone.width) await checkOtherTheme(page);
  else if (await page.locator(OPEN).count() > 0) await checkOtherTheme(page, OPEN);
  assert.deepEqual(problems, []);
}

/** Colours are all that differs in the other theme, so the page is not loaded and examined a second time. */
async function checkOtherTheme(page: Page, within?: string): Promise<void> {
  const isDark = await page.evaluate(() => {
    // Colours in between, of a transition, have other contrasts.
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition: none !important; }");
    document.adoptedStyleSheets = [still];
    return matchMedia("(prefers-color-scheme: dark)").matches;
  });
  await page.emulateMedia({ colorScheme: isDark ? "light" : "dark" });
  await assertAccessible(page, {
    runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
  }, within);
  await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
}

/** @param within the elements to examine; the page by default */
async function assertAccessible(page: Page, options: object, within = "html"): Promise<void> {
  const isDefined = await page.evaluate('"axe" in globalThis || ("defineAxe" in globalThis && !defineAxe())');
  if (!isDefined) await page.evaluate(axe);
  let found = await findViolations(page, options, within);
  // Loading may have begun in the middle; what stays wrong is found again.
  for (let repeat = 0; found.length > 0 && repeat < 2; repeat++) {
    found = await findViolations(page, options, within);
  }
  assert.deepEqual(found, [], found.join("\n"));
}

/** Fails when buttons of several rows have the same name, which does not tell what each is about. */
async function assertNamedApart(page: Page): Promise<void> {
  const repeated = await page.evaluate(() => {
    // deno-lint-ignore no-explicit-any -- what the caller has put there
    const { axe } = globalThis as any;
    axe.setup(document);
    const names = new Map<string, Set<Element>>();
    const group = "[role=group][aria-label], fieldset";
    for (const button of document.querySelectorAll("button, summary, [role=button], input[type=checkbox]")) {
      const row = button.closest("tr, li, section");
      if (!row || !button.checkVisibility() || button.closest("[aria-hidden=true]")) continue;
      const about = button.closest(group);
      const name = [
        axe.commons.text.accessibleText(button).trim(),
        about && row.contains(about) ? about.getAttribute("aria-label") : "",
      ].join(" ");
      names.set(name, (names.get(name) ?? new Set()).add(row));
    }
    axe.teardown();
    return [...names].filter(([, rows]) =>
      [...rows].some((row) => [...rows].some((other) => other !== row && other.parentNode === row.parentNode))
    ).map(([name]) => name);
  });
  assert.deepEqual(repeated, [], "Buttons that are repeated name their object, for example by `about`.");
}

async function findViolations(page: Page, options: object, within: string): Promise<string[]> {
  // A table is dimmed while newer rows are loading, and dimmed text has too little contrast.
  await page.waitForFunction(() => document.querySelector('div[aria-busy="true"]') === null);
  const { violations } = await page.evaluate(
    ({ options, within }) =>
      // deno-lint-ignore no-explicit-any -- what the caller has put there
      (globalThis as any).axe.run({ include: [[within]] }, { ...options, resultTypes: ["violations"] }),
    { options, within },
  );
  return violations.map(
    ({ id, help, nodes }: { id: string; help: string; nodes: { html: string }[] }) =>
      `${id}: ${help}\n  ${nodes.map(({ html }) => html.slice(0, 200)).join("\n  ")}`,
  );
}

export { PASSWORD };
