// The TypeScript library as npm packs it, in an empty folder: the lines of its README, its examples as an app of Node, the main
// process of Electron and a page in a browser, each activated, taken offline and revoked; and real faults of files.
import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIST, statusList } from "../../sdk/vectors/samples.ts";
import { productKey } from "../../sdk/vectors/signer.ts";
import { getStatusList } from "../../server/domain/license_files/status_list.ts";
import { type LicenseStatusRow, statusIndexOf } from "../../server/domain/license_files/status_index.ts";
import { setLicensesEnabled } from "../../server/domain/licenses/manage.ts";
import { statusListUrl, wireStatusList } from "../../server/request/wire_files.ts";
import { openSharedBrowser } from "../support/browser.ts";
import { installElectron, openWindow } from "../support/electron_window.ts";
import { makeLicense } from "../support/fixtures.ts";
import { offlineProduct } from "../support/license_files.ts";
import { installPackage, run, succeed } from "../support/npm_package.ts";
import { isNpmThere } from "../support/npm_there.ts";
import { startTestServer } from "../support/server.ts";
import { stopAtEnd, test as always } from "../support/test.ts";
import { fileKinds, readVectors } from "../support/vectors.ts";

/** Where Node is not installed, the runner says so. */
const test = (name: string, work: () => Promise<void>) =>
  always(name, async () => isNpmThere ? await work() : void 0);

const server = await startTestServer();
const ctx = await server.ctx();
const { product } = await offlineProduct(server, "painter");
const publicKeys = (await server.get(`/.well-known/jwks/${product.code}.json`)).body.keys;
const { app, tsc, remove } = isNpmThere
  ? await installPackage()
  : { app: "", tsc: "", remove: async () => {} };
stopAtEnd(remove);

const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";
const environment = (url = server.url) => ({
  LATCHKEY_URL: url,
  LATCHKEY_API_KEY: server.apiKey,
  LATCHKEY_PRODUCT: product.code,
  LATCHKEY_KEYS: JSON.stringify(publicKeys),
  LATCHKEY_FILE: join(app, "example", "license.json"),
});
let number = 0;
const license = () =>
  makeLicense(ctx, {
    productId: product.id,
    offlineDays: 30,
    customer: { name: "Lumen Ltd", email: `package${++number}@example.com` },
  });

/** Disables a license, and returns the status list that says so. */
async function revoke(id: number): Promise<string> {
  await setLicensesEnabled(ctx, { ids: [id], enabled: false });
  const [status] = await server.db<LicenseStatusRow[]>`
    select id, product_id from license_statuses where license_id = ${id}`;
  const { list } = statusIndexOf(status);
  const url = statusListUrl(server.config.PUBLIC_URL, list);
  // Lists are kept for half a minute.
  const later = await server.ctx(new Date(Date.now() + 60_000));
  return (await getStatusList(later, { list, url }, wireStatusList)).jws;
}

test("the lines of the README activate an app, with types", async () => {
  const { key } = await license();
  const readme = await readFile(join(app, "node_modules/@latchkey/client/README.md"), "utf8");
  const lines = /```ts\n([^]*?)```/.exec(readme)![1];
  assert.ok(lines.trim().split("\n").length <= 20, lines);
  const values: Record<string, string> = {
    "https://licenses.example.com": server.url,
    "lk_…": server.apiKey,
    '[{ kid: "…", x: "…" }]': JSON.stringify(publicKeys),
    "/path/of/your/app/license.json": join(app, "readme", "license.json"),
    "TEST-TEST-TEST-TEST": key,
  };
  let script = lines;
  for (const [text, value] of Object.entries(values)) {
    assert.ok(script.includes(text), text);
    script = script.replace(text, value);
  }
  await writeFile(join(app, "index.mts"), script);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
  await succeed("node", [tsc, ...options, "index.mts"], { cwd: app });
  await writeFile(join(app, "index.mjs"), `${script}\nconsole.log("It is", status.state);\n`);
  assert.equal(await succeed("node", ["index.mjs"], { cwd: app }), "It is valid\n");
  await writeFile(
    join(app, "index.mjs"),
    script.replace(server.url, NOWHERE) + "\nconsole.log(status.state);\n",
  );
  assert.equal(await succeed("node", ["index.mjs"], { cwd: app }), "valid\n", "without a network");
});

test("the example app activates, starts without a network, and says what is wrong", async () => {
  const { key } = await license();
  const example = "node_modules/@latchkey/client/example/app.mjs";
  const start = (env: Record<string, string>, ...args: string[]) =>
    run("node", [example, ...args], { cwd: app, env });
  assert.deepEqual(await start(environment()), { code: 1, stdout: "not_activated\n", stderr: "" });
  assert.deepEqual(await start(environment(), key), { code: 0, stdout: "valid\n", stderr: "" });
  assert.deepEqual(await start(environment(NOWHERE)), { code: 0, stdout: "valid\n", stderr: "" });
  const wrong = await start({ ...environment(), LATCHKEY_URL: "licenses" });
  assert.match(wrong.stderr, /url is the address of the license server/);
  const required = await run("node", ["-p", "typeof require('@latchkey/client').LicenseClient"], {
    cwd: app,
  });
  // Older versions of Node do not require ES modules.
  if (required.code === 0) assert.equal(required.stdout, "function\n");
});

test("a main process of Electron is activated, runs without a network, and is revoked", async () => {
  await installElectron(app);
  const { id, key } = await license();
  const online = await openWindow(app, environment());
  assert.equal((await online.invoke("license status")).state, "not_activated");
  assert.deepEqual(await online.invoke("license activate", key), {
    state: "valid",
    usable: true,
    reason: "The license is valid.",
    error: null,
  });
  assert.deepEqual(online.sent.map(({ channel }) => channel), ["license"]);
  await online.quit();
  const list = await revoke(id);
  const offline = await openWindow(app, environment(NOWHERE));
  assert.equal((await offline.invoke("license status")).state, "valid");
  assert.equal((await offline.invoke("license list", list)).state, "revoked");
  await offline.quit();
  const again = await openWindow(app, environment(NOWHERE));
  assert.equal((await again.invoke("license status")).usable, false);
  await again.quit();
});

const vectors = Object.fromEntries(
  [...fileKinds.map((kind) => `file_${kind}`), "validations", "devices", "license_keys", "offline_requests"]
    .map((kind) => [kind, readVectors(kind)]),
);
const compare = support("compare_vectors.mjs");

test("the vectors hold in Node", async () => {
  await writeFile(join(app, "vectors.json"), JSON.stringify(vectors));
  await copyFile(compare, join(app, "vectors.mjs"));
  const { others, count } = JSON.parse(await succeed("node", ["vectors.mjs", "vectors.json"], { cwd: app }));
  assert.deepEqual(others, []);
  assert.ok(count > 800, `${count}`);
});

/** Serves the app's folder, with the page of the example. */
function servePage() {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript", mjs: "text/javascript" };
  const page = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const file = pathname === "/compare.mjs" ? compare : join(app, pathname);
    const type = types[pathname.split(".").at(-1)!] ?? "application/json";
    const body = await readFile(file).catch(() => null);
    return new Response(body, { status: body ? 200 : 404, headers: { "content-type": type } });
  });
  const query = new URLSearchParams({
    url: server.url,
    api_key: server.apiKey,
    product: product.code,
    keys: JSON.stringify(publicKeys),
  });
  const folder = `http://localhost:${page.addr.port}`;
  return { page, address: `${folder}/node_modules/@latchkey/client/example/page.html?${query}` };
}

test("a page in a browser is activated, runs without a network, is revoked, and shares it with its other tab", async () => {
  const { id, key } = await license();
  const { page: pages, address } = servePage();
  const browser = await openSharedBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  const stateIs = (tab: typeof page, state: string) =>
    tab.waitForFunction((state) => document.getElementById("state")!.textContent === state, state);
  await page.goto(address);
  await stateIs(page, "not_activated");
  const other = await context.newPage();
  await other.goto(address);
  await page.getByLabel("License key").fill(`“${key.toLowerCase()}”`);
  await page.getByRole("button", { name: "Activate" }).click();
  await stateIs(page, "valid");
  await stateIs(other, "valid");

  await context.route(`${server.url}/**`, (route) => route.abort());
  await page.reload();
  await stateIs(page, "valid");
  const list = await revoke(id);
  await page.getByLabel("Status list").fill(list);
  await page.getByRole("button", { name: "Install" }).click();
  await stateIs(page, "revoked");
  await stateIs(other, "revoked");
  await page.reload();
  await stateIs(page, "revoked");

  // The vectors, with the browser's own cryptography.
  const names = { library: "/node_modules/@latchkey/client/dist/mod.js", compare: "/compare.mjs" };
  const { others, count } = await page.evaluate(async ({ library, compare, vectors }) => {
    const { compareVectors } = await import(compare);
    return await compareVectors(await import(library), JSON.parse(vectors));
  }, { ...names, vectors: JSON.stringify(vectors) });
  assert.deepEqual([others, problems], [[], []]);
  assert.ok(count > 800, `${count}`);
  await browser.close();
  await pages.shutdown();
});

test("two processes on one file lose nothing of each other", async () => {
  await copyFile(support("install_lists.mjs"), join(app, "install_lists.mjs"));
  const path = join(app, "shared", "license.json");
  const env = { LATCHKEY_KEYS: JSON.stringify([productKey.publicKey]) };
  const addresses: string[] = [];
  await Promise.all([1, 2].map(async (process) => {
    const urls = Array.from({ length: 20 }, (_, index) => `${LIST}-${process}-${index}`);
    addresses.push(...urls);
    const lists = await Promise.all(urls.map((url) => statusList([], { url, size: 2 })));
    await writeFile(join(app, `lists${process}.json`), JSON.stringify(lists));
    const output = await succeed("node", ["install_lists.mjs", path, `lists${process}.json`], {
      cwd: app,
      env,
    });
    assert.equal(output, "not_activated undefined\n");
  }));
  const { lists } = JSON.parse(await readFile(path, "utf8"));
  assert.deepEqual(Object.keys(lists).sort(), addresses.sort());
  assert.deepEqual((await readdir(join(path, ".."))).sort(), ["license.json", "license.json.previous"]);
});

test("in a home that cannot be written to, the license is kept in memory", async () => {
  const home = join(app, "home");
  await mkdir(home);
  await chmod(home, 0o555);
  await writeFile(join(app, "lists0.json"), JSON.stringify([await statusList([])]));
  // The modes of files do not hold for root.
  const user = Deno.uid() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
  await chmod(join(app, ".."), 0o755);
  const [program, ...args] = [
    ...user,
    "node",
    "install_lists.mjs",
    join(home, "app", "license.json"),
    "lists0.json",
  ];
  const env = { LATCHKEY_KEYS: JSON.stringify([productKey.publicKey]) };
  assert.equal(await succeed(program, args, { cwd: app, env }), "not_activated EACCES\n");
});

always("the server stops", () => server.stop());
