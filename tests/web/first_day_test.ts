// A newcomer's first day, from signing in to the audit log, and the size of what the panel loads.
import assert from "node:assert/strict";
import { createCustomer } from "../../server/domain/customers/customers.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeProduct } from "../support/fixtures.ts";
import { PASSWORD, startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;

test("a newcomer finds a customer, makes a license, sees a device come, switches it off, and finds all of it", async () => {
  const who = await makeAdministrator(server, "manager");
  const product = await makeProduct(await server.ctx(), "stitch-studio");
  await createPlan(await server.ctx(), {
    productId: product.id,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 3,
    maxUsers: 3,
    features: [],
  });
  await createCustomer(await server.ctx(), {
    name: "Copperfield Uniforms",
    email: "office@copperfield.example",
  });

  const { page, problems, check } = await panel.visit("/dashboard", { who, isSignedOut: true });
  await page.getByLabel("Email").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();

  await page.getByRole("button", { name: "Search or run a command…" }).click();
  await page.getByRole("combobox", { name: "Search and commands" }).fill("copperf");
  await page.getByRole("option", { name: /Copperfield Uniforms/ }).click();
  await page.getByRole("heading", { name: "Copperfield Uniforms", level: 1 }).waitFor();
  await page.getByRole("link", { name: "New license" }).first().click();

  await page.getByRole("heading", { name: "New license", level: 1 }).waitFor();
  await page.getByRole("combobox", { name: "Product" }).fill("stitch");
  await page.getByRole("option", { name: /stitch-studio/ }).click();
  await page.getByLabel("Plan", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Create license" }).click();
  const heading = page.getByRole("heading", { name: /[0-9A-Z]{4}-[0-9A-Z]{4}/, level: 1 });
  const [key] = (await heading.innerText()).match(/[0-9A-Z]{4}(-[0-9A-Z]{4})+/)!;
  await page.getByRole("button", { name: /live updates on/ }).waitFor();

  const activated = await server.post("/api/license/activate", {
    license_key: key,
    hardware_hash: "cutting-room",
    machine_name: "Cutting room",
  });
  assert.equal(activated.status, 201, JSON.stringify(activated.body));
  await page.getByRole("row", { name: /Cutting room/ }).waitFor({ timeout: 3000 });
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByText("Disabled", { exact: true }).first().waitFor();
  const refused = await server.post("/api/license/verify", {
    license_key: key,
    hardware_hash: "cutting-room",
  });
  assert.equal(refused.body.code, "LICENSE_INACTIVE", JSON.stringify(refused.body));

  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByRole("heading", { name: "Activity", level: 1 }).waitFor();
  for (const what of ["License created", "Device activated", "License disabled"]) {
    await page.getByRole("row", { name: new RegExp(`${what}.*${key}`) }).first().waitFor();
  }
  // Before signing in there is no session, which the browser's console reports; nothing else may be there.
  assert.deepEqual(problems.filter((problem) => !/401 \(Unauthorized\)/.test(problem)), []);
  problems.length = 0;
  await check();
});

test("the first page needs at most 150 kB of script", async () => {
  for (const path of ["/sign-in", "/dashboard"]) {
    const names = new Set<string>();
    const who = await makeAdministrator(server, "owner");
    const { page } = await panel.visit(path, { who, isSignedOut: path === "/sign-in" });
    page.on("request", (request) => names.add(new URL(request.url()).pathname));
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    const scripts = [...names].filter((name) => name.endsWith(".js"));
    assert.ok(scripts.length > 1, [...names].join(" "));
    let bytes = 0;
    for (const name of scripts) {
      const response = await fetch(server.url + name, { headers: { "accept-encoding": "identity" } });
      const packed = response.body!.pipeThrough(new CompressionStream("gzip"));
      bytes += (await new Response(packed).bytes()).length;
    }
    assert.ok(bytes <= 150_000, `${path} needs ${bytes} bytes of script.`);
  }
});

test("pages are served packed, cached by name, and under a policy that lets nothing else in", async () => {
  const page = await server.get("/dashboard", { accept: "text/html" });
  assert.equal(page.status, 200);
  const policy = page.headers.get("content-security-policy")!;
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  const script = page.body.match(/src="(\/assets\/[^"]+\.js)"/)![1];
  const asset = await server.get(script, { "accept-encoding": "br" });
  assert.equal(asset.status, 200);
  assert.match(asset.headers.get("cache-control")!, /immutable/);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  for (const path of ["/leads/", "/leads/create", "/leads/edit/1", "/customer/edit/1", "/license/edit/1"]) {
    const documented = await server.get(path);
    assert.equal(documented.status, 200, path);
    assert.match(documented.headers.get("content-type")!, /^text\/html/, path);
  }
  assert.equal((await server.get("/assets/nothing.js")).status, 404);
  assert.equal((await server.get("/api/nothing", { accept: "text/html" })).status, 404);
});

test("browser and server close", () => panel.stop());
