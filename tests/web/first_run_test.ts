// From an empty server to the first verified license, through the pages and the calls they show.
import assert from "node:assert/strict";
import { type OpenedPage, startPanel } from "../support/panel_browser.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();
const { server } = panel;
// The test server's own key would count as a finished step.
await server.db`update api_keys set revoked_at = now()`;

/** Sends the call that the page shows as a command. */
async function paste(
  { page }: OpenedPage,
  what: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const command = await page.getByLabel(what, { exact: true }).innerText();
  const [, url] = command.match(/^curl '([^']+)'/)!;
  const headers = Object.fromEntries(
    [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, n, v]) => [n, v]),
  );
  const [, body] = command.match(/-d '([^']+)'$/)!;
  const response = await fetch(url, { method: "POST", headers, body });
  return { status: response.status, body: await response.json() };
}

test("an empty server is led to its first verified license, and the page lights up by itself", async () => {
  const visit = await panel.visit("/start");
  const { page, check } = visit;
  await page.getByText("0 of 6 done").waitFor();
  await check();
  await page.getByRole("button", { name: "Create product" }).click();
  await page.getByText("Required", { exact: true }).waitFor();
  await page.getByLabel("Display name").fill("Pattern Studio");
  await page.getByText("Identifier used in the API: pattern-studio").waitFor();
  await page.getByRole("button", { name: "Create product" }).click();

  await page.getByLabel("Name", { exact: true }).fill("Yearly");
  await page.getByRole("button", { name: "Add plan" }).click();

  await page.getByLabel("Customer", { exact: true }).fill("Ourselves");
  await page.getByRole("button", { name: "Create license" }).click();

  await page.getByRole("button", { name: "Create API key" }).click();

  await page.getByText("4 of 6 done").waitFor();
  await page.getByText("Copy this key now").waitFor();
  await check();
  assert.equal((await paste(visit, "the code to activate")).status, 201);
  await page.getByRole("button", { name: /Activate a device.*Done/ }).waitFor();
  const { body } = await paste(visit, "the code to verify");
  assert.equal(body.valid, true);
  await page.getByText("Your first license is verified.").waitFor();
  await page.getByText("All steps done").waitFor();
  await check();
  const [license] = await server.db`
    select p.code, max_activations, valid_until is not null as ends, c.name
    from licenses
    join products p on p.id = product_id
    join customers c on c.id = customer_id`;
  assert.deepEqual({ ...license }, {
    code: "pattern-studio",
    maxActivations: 2,
    ends: true,
    name: "Ourselves",
  });
});

test("later the commands stand with a placeholder for the key, beside the lines of client libraries", async () => {
  const visit = await panel.visit("/start", { role: "viewer", size: "phone", dark: true });
  const { page } = visit;
  await page.getByRole("button", { name: /Verify the license/ }).click();
  await page.getByText("Replace YOUR_API_KEY with your API key.").waitFor();
  const lines = page.getByLabel("the code to verify", { exact: true });
  assert.match(await lines.innerText(), /X-API-Key: YOUR_API_KEY/);
  // Viewers see keys masked; a command with stars in it fails.
  assert.match(await lines.innerText(), /"license_key": "YOUR_LICENSE_KEY"/);
  await page.getByRole("button", { name: "TypeScript", exact: true }).click();
  await page.getByText("The lines of the step before do this too").waitFor();
  await page.getByRole("button", { name: /Activate a device/ }).click();
  await page.getByText("new LicenseClient({").waitFor();
  const code = await page.getByLabel("the code to activate", { exact: true }).innerText();
  const { keys: [key] } = (await server.get("/.well-known/jwks/pattern-studio.json")).body;
  for (const value of [server.url, "YOUR_API_KEY", "pattern-studio", key.kid, key.x, "YOUR_LICENSE_KEY"]) {
    assert.ok(code.includes(`"${value}"`), value);
  }
  await visit.check();
  // A viewer sees why the forms are disabled.
  await page.getByRole("button", { name: /Create a product/ }).click();
  assert.equal(
    await page.getByRole("button", { name: "Create product" }).getAttribute("aria-disabled"),
    "true",
  );
});

test("the person menu leads there", async () => {
  const { page } = await panel.visit("/customers");
  await page.getByRole("button", { name: /account menu$/ }).click();
  await page.getByRole("menuitem", { name: "Get started" }).click();
  await page.getByRole("heading", { name: "Get started" }).waitFor();
});

test("browser and server close", () => panel.stop());
