// `deno task screenshots`: takes the screenshots of the README in a real browser, of `deno task dev` with demo data.
// Arguments select screenshots by name; the default is all.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.ts";

const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const program = fileURLToPath(new URL("../../server/dev.ts", import.meta.url));

interface Picture {
  name: string;
  path: string;
  isPhone?: boolean;
  isDark?: boolean;
  /** Waits until the content is loaded. */
  ready(page: Page): Promise<unknown>;
  /** Interaction before the screenshot is taken. */
  act?(page: Page): Promise<unknown>;
}

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { name, level: 1 }).waitFor();

const pictures: Picture[] = [
  { name: "dashboard", path: "/dashboard", ready: (page) => heading(page, "Dashboard") },
  { name: "licenses", path: "/licenses", ready: (page) => heading(page, "Licenses") },
  {
    name: "license",
    path: "/licenses?q=TEST-TEST",
    ready: (page) => page.getByRole("link", { name: /TEST/ }).first().click(),
    act: (page) => heading(page, /TEST/),
  },
  {
    name: "palette",
    path: "/customers",
    ready: (page) => heading(page, "Customers"),
    async act(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search and commands" }).fill("harb");
      await page.getByRole("option").first().waitFor();
    },
  },
  { name: "leads", path: "/leads/", isDark: true, ready: (page) => heading(page, "Leads") },
  { name: "phone", path: "/dashboard", isPhone: true, ready: (page) => heading(page, "Dashboard") },
];

const port = freePort();
const url = `http://localhost:${port}`;
const data = await Deno.makeTempDir({ prefix: "latchkey-screenshots-" });
// When started by root, PostgreSQL runs under another account, which needs access to the folder.
await Deno.chmod(data, 0o755);
const server = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "--quiet", program],
  env: { PORT: String(port), DATA_DIR: data, RATE_LIMIT_AUTH: "off" },
  stdout: "piped",
}).spawn();
try {
  await waitForOutput(server.stdout, "Latchkey is up");
  await activateSome();
  const browser = await openBrowser();
  const wanted = pictures.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name));
  for (const picture of wanted) {
    const context = await browser.newContext({
      baseURL: url,
      viewport: picture.isPhone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      isMobile: picture.isPhone,
      hasTouch: picture.isPhone,
      colorScheme: picture.isDark ? "dark" : "light",
      reducedMotion: "reduce",
      locale: "en-GB",
    });
    const page = await context.newPage();
    await page.goto(`/sign-in?next=${encodeURIComponent(picture.path)}`);
    await page.getByLabel("Email").fill("admin@example.com");
    await page.getByLabel("Password").fill("admin123");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await picture.ready(page);
    await picture.act?.(page);
    // The event stream keeps the network busy; two seconds are enough for everything else.
    await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => {});
    await page.locator(".animate-wait").first().waitFor({ state: "detached" });
    await page.screenshot({ path: join(folder, `${picture.name}.png`) });
    console.log(`${picture.name}.png`);
    await context.close();
  }
  await browser.close();
} finally {
  server.kill("SIGTERM");
  await server.status;
  await Deno.remove(data, { recursive: true });
}
Deno.exit(0);

function freePort(): number {
  const listener = Deno.listen({ port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

async function waitForOutput(output: ReadableStream<Uint8Array>, words: string): Promise<void> {
  let printed = "";
  const decoder = new TextDecoder();
  const reader = output.getReader();
  while (!printed.includes(words)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server stopped:\n${printed}`);
    printed += decoder.decode(value, { stream: true });
  }
  // Later output is discarded, but has to be read so that the process does not block.
  void (async () => {
    while (!(await reader.read()).done);
  })();
}

/** Activates machines on the demo license, as apps do. */
async function activateSome(): Promise<void> {
  for (const machine of ["Front desk", "Cutting room", "Ana's laptop"]) {
    const response = await fetch(`${url}/api/license/activate`, {
      method: "POST",
      headers: { "x-api-key": "test_api_key_123", "content-type": "application/json" },
      body: JSON.stringify({
        license_key: "TEST-TEST-TEST-TEST",
        hardware_hash: `demo-${machine.toLowerCase().replace(/\W+/g, "-")}`,
        machine_name: machine,
        app_version: "2.1.0",
      }),
    });
    if (!response.ok) throw new Error(await response.text());
    await response.body?.cancel();
  }
}
