// The documentation in a real browser: accessible in both themes, on a desktop and a phone, searched by keyboard, in the
// language and theme that were chosen, and complete without JavaScript.
import assert from "node:assert/strict";
import { request } from "node:http";
import { startPanel } from "../support/panel_browser.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

const pages = [
  "/docs",
  "/docs/api/license-api",
  "/docs/errors",
  "/docs/webhooks",
  "/docs/limits",
  "/docs/guides",
  "/docs/guides/operations/backup",
  "/docs/libraries/typescript",
  "/docs/search?q=license",
  "/docs/nowhere",
];

test("every kind of page is accessible on a phone in both themes, and no wider than the screen", async () => {
  for (const path of pages) {
    const opened = await panel.visit(path, { size: "phone" });
    // Of the page that is not there the browser says that it is not.
    if (path === "/docs/nowhere") opened.problems.splice(0);
    await opened.check();
  }
});

test("on a desktop the navigation, the dark theme and open results are accessible", async () => {
  const { page, check } = await panel.visit("/docs/api/sessions", { dark: true });
  const navigation = page.getByRole("navigation", { name: "Documentation" });
  await navigation.getByRole("link", { name: "List sessions" }).waitFor();
  assert.equal(await navigation.locator("[aria-current=page]").innerText(), "Sessions");
  await page.getByText("Fields of the 200 response").first().click();
  await check();
  await page.keyboard.press("/");
  await page.keyboard.type("idempo");
  await page.locator(".results a").first().waitFor();
  await check();
});

test("searching finds while typing, and arrow keys and Enter open what was found", async () => {
  const { page } = await panel.visit("/docs");
  await page.getByRole("searchbox").click();
  await page.keyboard.type("actvate a licen");
  const first = page.locator(".results a").filter({ hasText: "Activate a license" }).first();
  await first.waitFor();
  await page.keyboard.press("Escape");
  await first.waitFor({ state: "hidden" });
  await page.keyboard.type("s");
  await first.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "A");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/.+#/);
});

test("the language of one sample is that of all, and stays", async () => {
  const { page } = await panel.visit("/docs/api/license-api");
  const activate = page.getByRole("group", { name: "Request: Activate a license" });
  await activate.getByText("curl --request POST").waitFor();
  await activate.getByRole("radio", { name: "Python" }).check();
  await activate.getByText("requests.post").waitFor();
  await page.getByRole("group", { name: "Request: Send a heartbeat" }).getByText("requests.post").waitFor();
  await page.goto("/docs/api/app-sessions");
  await page.getByText("requests.post").first().waitFor();
  assert.equal(await page.getByText("curl --request POST").first().isVisible(), false);
  await page.getByRole("button", { name: /^Copy: .*, Python$/ }).first().click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^import requests\n/);
});

test("the theme is chosen for the documentation and the panel at once", async () => {
  const { page } = await panel.visit("/docs");
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("combobox", { name: "Theme" }).selectOption("Dark");
  assert.notEqual(await ground(), light);
  await page.reload();
  assert.notEqual(await ground(), light);
  assert.equal(await page.evaluate(() => localStorage.getItem("latchkey.theme")), "dark");
  await page.getByRole("combobox", { name: "Theme" }).selectOption("System");
  assert.equal(await ground(), light);
});

test("without JavaScript everything is there: navigation on a phone, languages, search", async () => {
  const context = await panel.browser.newContext({
    baseURL: server.url,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto("/docs/api/license-api");
  const activate = page.getByRole("group", { name: "Request: Activate a license" });
  await activate.getByText("curl --request POST").waitFor();
  await activate.getByRole("radio", { name: "Go", exact: true }).check();
  await activate.getByText("http.NewRequest").waitFor();
  const navigation = page.getByRole("navigation", { name: "Documentation" });
  assert.equal(await navigation.isVisible(), false);
  await page.getByRole("button", { name: "Menu" }).click();
  await navigation.getByRole("link", { name: "Errors" }).click();
  await page.getByRole("heading", { name: "ACTIVATION_LIMIT_REACHED" }).waitFor();
  await page.getByRole("searchbox").fill("seat limit");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/search\?q=seat/);
  await page.getByRole("link", { name: "SESSION_LIMIT_REACHED" }).first().waitFor();
  await context.close();
});

/** The bytes that are transferred. `fetch` would decompress them. */
function sizeOf(path: string): Promise<number> {
  return new Promise((resolve, reject) =>
    request(server.url + path, { headers: { "accept-encoding": "br" } }, async (answer) => {
      let bytes = 0;
      for await (const chunk of answer) bytes += chunk.length;
      if (answer.statusCode === 200) resolve(bytes);
      else reject(new Error(`${path} answered ${answer.statusCode}`));
    }).on("error", reject).end()
  );
}

/** What a browser gets at an address. */
async function load(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, { headers: { accept: "text/html", ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test("the first page and all that it needs are small", async () => {
  const { text } = await load("/docs");
  const needed = [...text.matchAll(/(?:<script[^>]*? src|<link rel="stylesheet" href)="([^"]+)"/g)].map((
    [, path],
  ) => path);
  assert.equal(needed.length, 4, needed.join());
  const sizes = await Promise.all(["/docs", ...needed].map(sizeOf));
  assert.ok(text.length < 40_000, `${text.length} characters of HTML`);
  assert.ok(sizes.reduce((sum, size) => sum + size) < 30_000, `${sizes} bytes`);
});

test("pages are asked for again only when they changed, and what they load is kept", async () => {
  const first = await load("/docs/errors");
  const etag = first.headers.get("etag")!;
  assert.equal(first.headers.get("cache-control"), "no-cache");
  assert.equal((await load("/docs/errors", { "if-none-match": etag })).status, 304);
  assert.equal((await load("/docs/errors", { "if-none-match": '"other"' })).status, 200);
  const [style] = first.text.match(/\/docs\/assets\/docs\.[0-9a-f]{10}\.css/)!;
  assert.match((await load(style)).headers.get("cache-control")!, /immutable/);
  // While servers are replaced, one that has another version of it answers too.
  assert.equal((await load("/docs/assets/docs.0123456789.css")).status, 200);
});

test("what is not there is a page for browsers and an error for programs, and other methods are refused", async () => {
  const page = await load("/docs/api/nothing");
  assert.equal(page.status, 404);
  assert.match(page.text, /<h1>Page not found<\/h1>/);
  const { status, body } = await server.get("/docs/api/nothing");
  assert.deepEqual([status, body.error.code], [404, "NOT_FOUND"]);
  for (const path of ["/docs", "/docs/errors"]) {
    const refused = await server.post(path, {});
    assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET, HEAD"], path);
    const head = await fetch(server.url + path, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  }
});

test("pages count against the limit of the address, and what they load does not", async () => {
  const limited = await startTestServer({ RATE_LIMIT_PUBLIC: "2" }, server);
  const statuses = [];
  for (
    const path of ["/docs", "/docs/assets/docs.css", "/docs/assets/docs.js", "/docs/errors", "/docs/limits"]
  ) {
    statuses.push((await limited.get(path)).status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 429]);
  await limited.stop();
});
