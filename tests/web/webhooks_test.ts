// Webhooks in the panel: created with a secret that is shown once, tested, deliveries compared and replayed.
import assert from "node:assert/strict";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook, setWebhookEnabled } from "../../server/domain/webhooks/manage.ts";
import { getWebhook, listDeliveries, listWebhooks } from "../../server/domain/webhooks/list.ts";
import { testWebhook } from "../../server/domain/webhooks/replay.ts";
import { makeLicense } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { type Receiver, type ResponseHandler, startReceiver } from "../support/receiver.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const panel = await startPanel({ WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8" });
const worker = await startTestWorker(panel.server);
const ctx = () => panel.server.ctx();

/** A webhook with a receiver behind it. */
async function listen(respond?: ResponseHandler): Promise<Receiver & { id: number }> {
  const receiver = await startReceiver(respond);
  const terms = {
    url: receiver.url,
    description: "Billing",
    eventTypes: ["license.disabled"],
    headers: { authorization: "Bearer of-the-receiver" },
  };
  const { row, secret } = await createWebhook(await ctx(), terms, readNetworks(["127.0.0.0/8"]));
  receiver.secret = secret;
  return Object.assign(receiver, { id: row.id });
}

const silence = async (receiver: Receiver & { id: number }) => {
  await setWebhookEnabled(await ctx(), receiver.id, false);
  await receiver.stop();
};

test("without webhooks the page says what they are for", async () => {
  const { page, check } = await panel.visit("/webhooks");
  await page.getByText("No webhooks yet").waitFor();
  await check();
});

test("a webhook is added, its mistakes said at the field, its secret shown once", async () => {
  const { page, check, problems } = await panel.visit("/webhook/new");
  await page.getByLabel("Endpoint URL").fill("http://10.0.0.1/");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByText("Select at least one.").waitFor();
  await page.getByRole("group", { name: "Licenses" }).getByLabel("License expired").check();
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByText("url must not lead to a private address").waitFor();
  assert.equal(await page.getByLabel("Endpoint URL").getAttribute("aria-invalid"), "true");
  // The response is a 400, which the browser's console reports.
  problems.length = 0;
  await check();

  await page.getByLabel("Endpoint URL").fill("https://hooks.example.com/licenses");
  await page.getByLabel("Description").fill("The shop");
  await page.getByRole("button", { name: "Add header" }).click();
  await page.getByLabel("Name of header 1").fill("authorization");
  await page.getByLabel("Value of header 1").fill("Bearer of-the-shop");
  assert.ok(!await page.evaluate(() => JSON.stringify(sessionStorage).includes("of-the-shop")));
  await page.getByRole("button", { name: "Create webhook" }).click();
  const secret = page.getByRole("dialog", { name: "Signing secret" });
  await secret.getByText(/whsec_/).waitFor();
  const shown = await secret.locator("pre").textContent();
  await secret.getByRole("button", { name: "Copy the signing secret" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shown);
  await page.keyboard.press("Escape");
  await check();
  await secret.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "The shop", level: 1 }).waitFor();
  await page.getByText("Example endpoint").waitFor();
  await check();
  await page.reload();
  await page.getByText("authorization", { exact: true }).waitFor();
  const text = await page.locator("body").innerText();
  assert.ok(!text.includes(shown!.trim()) && !text.includes("of-the-shop"));
  const [made] = await listWebhooks(await ctx());
  assert.deepEqual([made.description, made.eventTypes, made.headerNames], [
    "The shop",
    ["license.expired"],
    ["authorization"],
  ]);
});

test("a test is sent, and seen to arrive with what came back", async () => {
  const receiver = await listen((response) => void response.writeHead(200).end("thank you"));
  const { page, check } = await panel.visit(`/webhook/edit/${receiver.id}`);
  await page.getByRole("button", { name: "Send test event" }).click();
  const drawer = page.getByRole("dialog", { name: "webhook.tested" });
  await drawer.getByRole("status").filter({ hasText: "Delivered" }).waitFor();
  await drawer.getByText("thank you").waitFor();
  await drawer.getByText("authorization: (hidden)").waitFor();
  assert.match(page.url(), /\?delivery=\d+$/);
  await check();
  const [{ headers, payload }] = receiver.received;
  assert.equal(payload.event, "webhook.tested");
  await drawer.getByText(headers["webhook-signature"]).waitFor();

  await drawer.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Copied. The signature").waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(command.includes(`curl -i -X POST '${receiver.url}'`), command);
  assert.ok(command.includes(`--data-raw '${JSON.stringify(payload)}'`), command);

  await drawer.getByRole("button", { name: "Resend" }).click();
  await drawer.getByText("2 attempts").waitFor();
  assert.equal((await receiver.arrived(2))[1].id, headers["webhook-id"]);
  await page.reload();
  await page.getByRole("dialog", { name: "webhook.tested" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "webhook.tested" }).waitFor();
  await page.waitForURL((url) => !url.searchParams.has("delivery"));
  await silence(receiver);
});

test("attempts of a failing endpoint are compared side by side", async () => {
  const receiver = await listen((response, _received, number) => {
    response.writeHead(number === 1 ? 503 : 404).end(number === 1 ? "down for maintenance" : "no such page");
  });
  const { id: delivery } = await testWebhook(await ctx(), receiver.id);
  const { page, check } = await panel.visit(`/webhook/edit/${receiver.id}`);
  await page.goto(`/webhook/edit/${receiver.id}?delivery=${delivery}`);
  const drawer = page.getByRole("dialog", { name: "webhook.tested" });
  await drawer.getByText("Server error – will retry.").waitFor();
  await drawer.getByRole("heading", { name: "2 attempts" }).waitFor({ timeout: 20_000 });
  await drawer.getByText("Not found. Check the path of the endpoint URL.").waitFor();
  await drawer.getByRole("button", { name: "Compare attempts" }).click();
  const comparison = drawer.getByRole("region", { name: "Comparison" });
  await comparison.getByText("down for maintenance").waitFor();
  await comparison.getByText("no such page").waitFor();
  await comparison.getByText("Header webhook-signature").waitFor();
  assert.match(page.url(), /compare=\d+-\d+/);
  await comparison.getByLabel("Second attempt").selectOption({ index: 0 });
  await comparison.getByText("no such page").waitFor({ state: "detached" });
  await check();
  await silence(receiver);
});

test("what happened since a time is counted, and then replayed", async () => {
  const receiver = await listen();
  await setWebhookEnabled(await ctx(), receiver.id, false);
  const license = await makeLicense(await ctx());
  await setLicensesEnabled(await ctx(), { ids: [license.id], enabled: false });
  const { page, check } = await panel.visit(`/webhook/edit/${receiver.id}`);
  const test = page.getByRole("button", { name: "Send test event" });
  assert.equal(await test.getAttribute("aria-disabled"), "true");
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByText(/^Webhook .* enabled\./).waitFor();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Resend events" }).click();
  const dialog = page.getByRole("dialog", { name: "Resend events" });
  await dialog.getByText("1 event will be sent to this webhook.").waitFor();
  await check();
  await dialog.getByRole("button", { name: "Resend", exact: true }).click();
  const [{ payload }] = await receiver.arrived(1);
  assert.equal(payload.data.license_id, license.id);
  const { rows } = await listDeliveries(await ctx(), receiver.id);
  assert.equal(rows.length, 1);
  await page.getByRole("row", { name: /license\.disabled.*Delivered/ }).waitFor();
  await silence(receiver);
});

test("a secret is rotated, and both sign for a day", async () => {
  const receiver = await listen();
  const { page, check } = await panel.visit(`/webhook/edit/${receiver.id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Rotate secret" }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate signing secret" });
  await dialog.getByRole("textbox").fill(new URL(receiver.url).host);
  await check();
  await dialog.getByRole("button", { name: "Rotate secret" }).click();
  const shown = page.getByRole("dialog", { name: "New signing secret" });
  const secret = await shown.locator("pre").textContent();
  await shown.getByRole("button", { name: "Done" }).click();
  await page.getByText(/2 active, the previous until/).waitFor();
  // The previous secret still verifies, and so does the new one.
  await testWebhook(await ctx(), receiver.id);
  await receiver.arrived(1);
  receiver.secret = secret;
  await testWebhook(await ctx(), receiver.id);
  await receiver.arrived(2);
  assert.equal(receiver.refused, 0);
  await silence(receiver);
});

test("a webhook is changed without its headers' values, and deleted once its name is typed", async () => {
  const receiver = await listen();
  const { page } = await panel.visit(`/webhook/edit/${receiver.id}`);
  await page.getByLabel("Description").fill("Accounting");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Accounting", level: 1 }).waitFor();
  assert.deepEqual((await getWebhook(await ctx(), receiver.id)).headerNames, ["authorization"]);
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByText("Webhook updated").waitFor();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Accounting" });
  const remove = dialog.getByRole("button", { name: "Delete permanently" });
  assert.equal(await remove.getAttribute("aria-disabled"), "true");
  await dialog.getByRole("textbox").fill(new URL(receiver.url).host);
  await remove.click();
  await page.getByRole("heading", { name: "Webhooks", level: 1 }).waitFor();
  await eventually(async () => !(await listWebhooks(await ctx())).some(({ id }) => id === receiver.id));
  await receiver.stop();
});

for (const role of ["manager", "viewer"] as const) {
  test(`a ${role} reads that webhooks are for owners`, async () => {
    const [{ id }] = await listWebhooks(await ctx());
    for (const path of ["/webhooks", "/webhook/new", `/webhook/edit/${id}`]) {
      const { page, check } = await panel.visit(path, { role });
      await page.getByText(`Your role is ${role}.`).waitFor();
      await check();
    }
  });
}

test("the pages of webhooks fit a telephone in both themes", async () => {
  const receiver = await listen((response) => void response.writeHead(200).end("thank you"));
  const { id: delivery } = await testWebhook(await ctx(), receiver.id);
  await receiver.arrived(1);
  const one = `/webhook/edit/${receiver.id}`;
  for (const path of ["/webhooks", "/webhook/new", `${one}?tab=verify`, one]) {
    const { page, check } = await panel.visit(path, { size: "phone" });
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await check();
    if (path === one) {
      // The drawer covers the page, so it is opened from there.
      await page.goto(`${one}?delivery=${delivery}`);
      await page.getByRole("dialog", { name: "webhook.tested" }).getByText("thank you").waitFor();
      await check();
    }
  }
  await silence(receiver);
});

test("browser, server and worker close", async () => {
  await worker.stop();
  await panel.stop();
});
