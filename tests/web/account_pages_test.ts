// The account pages in a real browser without JavaScript, with real mail.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { disableUser } from "../../server/domain/accounts/disable_user.ts";
import { incrementUsage, reserveUsage } from "../../server/domain/meters/take.ts";
import { changeSetting } from "../../server/domain/settings/settings.ts";
import { openLog } from "../../server/request/log.ts";
import { startWorker } from "../../worker/worker.ts";
import { openSharedBrowser } from "../support/browser.ts";
import { startMailReceiver } from "../support/mail.ts";
import { use } from "../support/meters.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { callV2, login, makeCatalogue, makeUser, makeUserLicense, password } from "../support/users.ts";

const receiver = await startMailReceiver();
const server = await startTestServer();
const worker = await startWorker(
  { ...server.config, PUBLIC_URL: server.url, SMTP_URL: receiver.url },
  openLog("off"),
  {},
);
const catalogue = await makeCatalogue(await server.ctx());
const ann = await makeUser(await server.ctx(), { email: "ann@example.com", name: "Ann <b>Lee</b>" });
const annsLicense = await makeUserLicense(await server.ctx(), catalogue, ann, "monthly");
const browser = await openSharedBrowser();

/** A page of a new browser context without JavaScript, on a phone if asked. */
async function openPage(options: { dark?: boolean; phone?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.url,
    javaScriptEnabled: false,
    colorScheme: options.dark ? "dark" : "light",
    viewport: options.phone ? { width: 320, height: 640 } : { width: 1280, height: 800 },
  });
  return await context.newPage();
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/account/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

function linkIn(text: string): string {
  return text.match(/http:\/\/\S+/)![0];
}

test("a link by mail signs in after the person confirms, once", async () => {
  const page = await openPage();
  await page.goto("/magic-link");
  await page.getByLabel("Email").fill("Ann@Example.com");
  await page.getByRole("button", { name: "Email me a link" }).click();
  await page.getByText("a sign-in link has been sent").waitFor();
  const link = linkIn((await receiver.next("ann@example.com")).text);

  // A mail scanner opens the link in several ways, more than once.
  for (const method of ["GET", "HEAD", "GET"]) {
    const seen = await fetch(link, { method });
    assert.equal(seen.status, 200);
    await seen.body?.cancel();
  }
  await page.goto(link);
  await page.getByText("ann@example.com").waitFor();
  const token = link.split("/").at(-1)!;
  assert.equal(await page.locator("code").innerText(), token);
  assert.equal(
    await page.getByRole("link", { name: "Continue in the app" }).getAttribute("href"),
    `uploadbridge://magic-link?token=${token}`,
  );
  await page.getByRole("button", { name: "Continue in this browser" }).click();
  await page.getByRole("heading", { name: "Hello, Ann <b>Lee</b>" }).waitFor();
  await page.getByText("0 of 2").waitFor();

  await page.goto(link);
  await page.getByRole("heading", { name: "This link has expired" }).waitFor();
  const app = await callV2(server, "POST", "/auth/login", { magic_link_token: token });
  assert.equal(app.status, 401);
});

test("the code of the page behind a link signs the app in", async () => {
  const page = await openPage();
  await page.goto("/magic-link");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByRole("button", { name: "Email me a link" }).click();
  await page.goto(linkIn((await receiver.next("ann@example.com")).text));
  const code = await page.locator("code").innerText();
  const app = await callV2(server, "POST", "/auth/login", { magic_link_token: code, device_id: "D1" });
  assert.equal(app.status, 200, JSON.stringify(app.body));
  assert.equal(app.body.entitlement_token.device_id, "D1");
  await page.getByRole("button", { name: "Continue in this browser" }).click();
  await page.getByRole("heading", { name: "This link has expired" }).waitFor();
});

test("the account page shows license and devices, and removes a device", async () => {
  await login(server, "ann@example.com", "D2", { device_name: "Studio" });
  const told = await receiver.next("ann@example.com");
  assert.equal(told.subject, "Upload Bridge: new device signed in");
  assert.match(told.text, /Device: Studio\n/, "the second device, not the first");
  const page = await openPage();
  await page.goto("/account");
  assert.match(page.url(), /\/account\/sign-in$/);
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Incorrect email or password.").waitFor();
  assert.equal(await page.getByLabel("Email").inputValue(), "ann@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("2 of 2").waitFor();
  await page.getByRole("button", { name: "Remove Studio" }).click();
  await page.getByText("1 of 2").waitFor();
  assert.equal(await page.getByText("Studio").count(), 0);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/account");
  assert.match(page.url(), /\/account\/sign-in$/);
});

test("the account page shows the use of the license's meters, on a phone too", async () => {
  const page = await openPage({ phone: true });
  await signIn(page, "ann@example.com", password);
  await page.getByRole("heading", { name: "Devices" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Usage" }).count(), 0, "a license without meters");
  const renders = { limit: 10, period: "forever", overage: 0 };
  const meters = { cloud_exports: { limit: 1000, period: "month", overage: 25 }, renders };
  await server.db`update licenses set meters = ${server.db.json(meters)} where id = ${annsLicense.id}`;
  const ctx = await server.ctx();
  await incrementUsage(ctx, use(annsLicense, 1200, "cloud_exports"));
  await reserveUsage(ctx, { ...use(annsLicense, 3, "renders"), ttl: 3600 });
  await page.reload();
  await page.getByRole("heading", { name: "Usage" }).waitFor();
  const entries = await page.locator("li:has(progress)").allInnerTexts();
  assert.match(
    entries[0],
    /Cloud exports\s+Until \w+ \d+, \d{4}, 25 % overage\s+1,200 of 1,000\s+200 over the limit/,
  );
  assert.match(entries[1], /Renders\s+In total\s+0 of 10, 3 reserved/);
  const width = await page.locator("html").evaluate((html) => (html as { scrollWidth: number }).scrollWidth);
  assert.ok(width <= 320);
});

/** A password that is accepted when it is chosen. */
const chosen = "tugboat lantern orchard";
const loginBea = () => login(server, "bea@example.com", undefined, { password: chosen });

test("who registers confirms the address, chooses a password and is in", async () => {
  const page = await openPage({ phone: true });
  await page.goto("/account/register");
  await page.getByLabel("Name").fill("Bea");
  await page.getByLabel("Email").fill("bea@example.com");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("We've emailed a link to bea@example.com").waitFor();
  const mail = await receiver.next("bea@example.com");
  assert.equal(mail.subject, "Verify your email address");
  assert.equal((await login(server, "bea@example.com")).status, 401, "no account before the link");
  await page.goto(linkIn(mail.text));
  // A form that was sent without the browser's validation is validated all the same.
  const weak = await fetch(linkIn(mail.text), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "password=short",
  });
  assert.equal(weak.status, 400);
  assert.match(await weak.text(), /at least 8 characters/);
  await page.getByLabel("Password").fill(chosen);
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.getByRole("heading", { name: "Hello, Bea" }).waitFor();
  assert.equal((await loginBea()).status, 200);
});

test("who registers with an address that has an account gets a link to sign in", async () => {
  const page = await openPage();
  await page.goto("/account/register");
  await page.getByLabel("Name").fill("Someone");
  await page.getByLabel("Email").fill("ann@example.com");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("We've emailed a link to ann@example.com").waitFor();
  const mail = await receiver.next("ann@example.com");
  assert.equal(mail.subject, "You already have an account");
  await page.goto(linkIn(mail.text));
  await page.getByRole("button", { name: "Continue in this browser" }).click();
  await page.getByRole("heading", { name: "Hello, Ann" }).waitFor();
});

test("a forgotten password is replaced by mail, and everyone else is signed out", async () => {
  const before = (await loginBea()).body.session_token;
  const page = await openPage({ dark: true });
  await page.goto("/account/password");
  await page.getByLabel("Email").fill("bea@example.com");
  await page.getByRole("button", { name: "Email me a link" }).click();
  await page.goto(linkIn((await receiver.next("bea@example.com")).text));
  await page.getByLabel("Password").fill("another password");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.getByRole("heading", { name: "Hello, Bea" }).waitFor();
  assert.equal((await loginBea()).status, 401, "the old password");
  await eventually(async () => (await callV2(server, "GET", "/devices", undefined, before)).status === 401);

  await page.getByRole("link", { name: "Change your password" }).click();
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("Password, 8").fill(chosen);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("This is not your current password.").waitFor();
  await page.getByLabel("Current password").fill("another password");
  await page.getByLabel("Password, 8").fill(chosen);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Hello, Bea" }).waitFor();
  assert.equal((await loginBea()).status, 200);
});

test("a user who is disabled is signed out of the browser as well", async () => {
  const page = await openPage();
  await signIn(page, "bea@example.com", chosen);
  await page.getByRole("heading", { name: "Hello, Bea" }).waitFor();
  const [bea] = await server.db`select id from users where email = 'bea@example.com'`;
  await disableUser(await server.ctx(), bea.id);
  await eventually(async () => {
    await page.goto("/account");
    return page.url().endsWith("/account/sign-in");
  });
});

test("no page is wider than a telephone, and every page names its fields", async () => {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  for (const path of ["/magic-link", "/account/sign-in", "/account/register", "/account/password"]) {
    await page.goto(path);
    assert.ok(await page.evaluate("document.documentElement.scrollWidth <= 320"), `${path} scrolls sideways`);
    assert.equal(await page.locator("input:not([id])").count(), 0);
    const sizes = await page.locator("input, button").evaluateAll((parts) =>
      parts.map((part) => (part as { offsetHeight: number }).offsetHeight)
    );
    assert.ok(sizes.every((size: number) => size >= 44), `${path} has parts too small to touch`);
  }
  assert.deepEqual(refused, []);
  await context.close();
});

test("pages let nothing run, and refuse what other sites post", async () => {
  const reply = await server.get("/account/sign-in");
  const policy = reply.headers.get("content-security-policy")!;
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|script-src/);
  assert.equal(reply.headers.get("referrer-policy"), "same-origin");
  for (
    const headers of [
      { origin: "https://evil.example" } as Record<string, string>,
      { "sec-fetch-site": "cross-site" },
      { origin: "null" },
    ]
  ) {
    const posted = await fetch(`${server.url}/magic-link`, {
      method: "POST",
      headers: new Headers({ ...headers, "content-type": "application/x-www-form-urlencoded" }),
      body: "email=ann@example.com",
    });
    await posted.body?.cancel();
    assert.equal(posted.status, 403, JSON.stringify(headers));
  }
});

test("pages and their errors have the name in the settings", async () => {
  const titleOf = async (path: string) => {
    const text = await (await fetch(`${server.url}${path}`)).text();
    return [
      text.match(/<title>(.*)<\/title>/)![1],
      text.match(/<header>[^]*<span>(.*)<\/span><\/header>/)![1],
    ];
  };
  assert.deepEqual(await titleOf("/account/sign-in"), ["Sign in · Latchkey", "Latchkey"]);
  await changeSetting(await server.ctx(), "mailBrand", "Pixel & Press");
  await eventually(async () => (await titleOf("/account/sign-in"))[1] === "Pixel &amp; Press");
  assert.deepEqual(await titleOf("/account/link/none"), [
    "This link has expired · Pixel &amp; Press",
    "Pixel &amp; Press",
  ]);
  await changeSetting(await server.ctx(), "mailBrand", "Latchkey");
});

test("POST /magic-link answers a script as the API does", async () => {
  const known = await server.post("/magic-link", { email: "ann@example.com" });
  const unknown = await server.post("/magic-link", { email: "nobody@example.com" });
  assert.equal(known.status, 200);
  assert.deepEqual(known.body, unknown.body);
  const wrong = await server.post("/magic-link", { email: "no address" });
  assert.equal(wrong.status, 400);
  assert.deepEqual(Object.keys(wrong.body.messages), ["email"]);
});

test("the browser, the worker and the server close", async () => {
  await browser.close();
  await worker.stop();
  await receiver.stop();
  await server.stop();
  assert.doesNotMatch(server.logged(), /[0-9a-f]{64}/, "no token is logged");
});
