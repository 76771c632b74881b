// How pages are reached: the menu of forms, code that is loaded ahead, and what is shown while a page or the server is slow,
// away or upgraded.
import assert from "node:assert/strict";
import type { Route } from "playwright-core";
import { makeLicense } from "../support/fixtures.ts";
import { sizes, startPanel } from "../support/panel_browser.ts";
import { eventually, test } from "../support/test.ts";

const panel = await startPanel();

test("the menu in the top bar leads to every form, and says who may not use it", async () => {
  const { page, check } = await panel.visit("/dashboard");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("menuitem", { name: "Customer" }).click();
  await page.getByRole("heading", { name: "New customer", level: 1 }).waitFor();
  await check();
  const viewer = await panel.visit("/customers", { role: "viewer" });
  await viewer.page.getByRole("button", { name: "Create", exact: true }).click();
  const item = viewer.page.getByRole("menuitem", { name: /^License/ });
  await item.getByText(/Requires the Manager role/).waitFor();
  assert.equal(await item.getAttribute("aria-disabled"), "true");
  assert.equal(await viewer.page.getByRole("menuitem", { name: "Webhook" }).count(), 0);
});

test("a page is loaded before it is opened, when its link is under the pointer or focused", async () => {
  const { key } = await makeLicense(await panel.server.ctx(), { key: "AHEAD-0001" });
  const { page } = await panel.visit("/customers");
  const code = (name: string) => page.waitForRequest((request) => request.url().includes(`/assets/${name}-`));
  const main = page.getByRole("navigation", { name: "Main" });
  await Promise.all([code("Resources"), main.getByRole("link", { name: "Resources" }).hover()]);
  await Promise.all([code("Jobs"), main.getByRole("link", { name: "Jobs" }).focus()]);
  await page.goto(`/licenses?q=${key}`);
  await page.getByRole("link", { name: key }).waitFor();
  await Promise.all([
    code("LicensePage"),
    page.waitForRequest((request) => request.url().includes("licenses.get")),
    page.locator("tbody tr[data-id]").first().getByRole("cell").last().hover(),
  ]);
});

test("a slow page shows a bar at once", async () => {
  const { page, check } = await panel.visit("/customers");
  let goOn = () => {};
  const held = new Promise<void>((resolve) => goOn = resolve);
  await page.route("**/assets/Sessions-*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  const bar = page.getByRole("progressbar", { name: "Loading the page" });
  await bar.waitFor();
  const menu = page.getByRole("navigation", { name: "Main" });
  const isMarked = async (name: string) =>
    /bg-accent-soft/.test((await menu.getByRole("link", { name, exact: true }).getAttribute("class"))!);
  assert.deepEqual([await isMarked("Sessions"), await isMarked("Customers")], [true, false]);
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  // What is typed meanwhile is not searched for on the next page.
  await page.getByRole("searchbox").fill("late");
  goOn();
  await page.getByRole("heading", { name: "Sessions", level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, "");
  await bar.waitFor({ state: "detached" });
  await check();
});

test("while the server is away the panel reconnects, and then shows the page that was asked for", async () => {
  const { page, problems } = await panel.visit("/customers");
  const away = (route: Route) => route.abort();
  const all = /\/(trpc|health|assets)(\/|$)/;
  await page.route(all, away);
  await page.getByRole("link", { name: "Anomalies", exact: true }).click();
  await page.getByText("Reconnecting… The server is not responding.").waitFor();
  await page.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
  await page.unroute(all, away);
  await page.getByRole("heading", { name: "Anomalies", level: 1 }).waitFor();
  await page.getByText("Reconnecting… The server is not responding.").waitFor({ state: "detached" });
  assert.equal(await page.getByText(/import|module/i).count(), 0);
  // The browser reports failed requests on its console.
  problems.length = 0;
});

test("after an upgrade an open tab loads the new code, and says so", async () => {
  const { page, problems } = await panel.visit("/customers");
  let isOld = true;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) isOld = false;
  });
  await page.route(
    "**/assets/Products-*.js",
    (route) => isOld ? route.fulfill({ status: 404 }) : route.continue(),
  );
  await page.getByRole("link", { name: "Products", exact: true }).click();
  await page.getByText("The server was updated. This page was reloaded.").waitFor();
  await page.getByRole("heading", { name: "Products", level: 1 }).waitFor();
  // Code that is missing all the same is no reason to load the tab again and again.
  await page.route("**/assets/Releases-*.js", (route) => route.fulfill({ status: 404 }));
  await page.getByRole("link", { name: "Releases", exact: true }).click();
  await page.getByText("Couldn't load this page. Check your connection and reload it.").waitFor();
  problems.length = 0;
});

test("an object that is not there, or cannot be loaded, is a page that leads back to its list", async () => {
  const { page, check, problems } = await panel.visit("/license/edit/999999");
  await page.getByRole("heading", { name: "License not found", level: 1 }).waitFor();
  await page.getByRole("alert").getByText("No license with this ID.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  // The browser reports the refused call on its console.
  problems.length = 0;
  await check();
  await page.getByRole("main").getByRole("link", { name: "Licenses" }).click();
  await page.getByRole("heading", { name: "Licenses", level: 1 }).waitFor();
  await page.route(
    /customers\.get/,
    (route) => route.fulfill({ status: 500, contentType: "application/json", body: "[]" }),
  );
  await page.goto("/customer/edit/1");
  await page.getByRole("heading", { name: "Customer could not be loaded", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  problems.length = 0;
});

test("the menu shows where one is, also when it is below the edge", async () => {
  const { page } = await panel.visit("/dashboard");
  await page.setViewportSize({ width: 1360, height: 400 });
  await page.goto("/settings");
  const current = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" });
  await current.waitFor();
  await eventually(async () => {
    const box = (await current.boundingBox())!;
    return box.y + box.height <= 400;
  });
  await page.setViewportSize(sizes.desktop);
});

test("browser and server close", () => panel.stop());
