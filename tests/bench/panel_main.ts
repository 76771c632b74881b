// `deno task bench:panel [times]`: how long people wait in the panel, in a browser on the production programs, at full speed
// and with a processor four times slower, beside yardsticks of the same run. `--help` says the options.
import { gzipSync } from "node:zlib";
import { dirname } from "node:path";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../support/browser.ts";
import { testSecrets } from "../support/secrets.ts";
import { buildPanel } from "../../web/build.ts";
import { benchContext, signOwnerIn } from "./bench_callers.ts";
import { type BenchEnvironment, raisedLimits, startEnvironment } from "./bench_environment.ts";
import { percentile } from "./measure.ts";
import { panelTasks } from "./panel/panel_tasks.ts";
import { throttle } from "./panel/stopwatch.ts";
import { measureCall, measurePaint, preparePaint } from "./panel/yardsticks.ts";
import { loadLicenses } from "./sample_licenses.ts";

const { values, positionals } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    licenses: { type: "string", default: "20000" },
    json: { type: "string", default: ".data/bench_panel.json" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(`bench:panel [how often each is measured; 30]
  --only TEXT     only what has this text in its name; "first page", "docs"
  --licenses N    by default 20,000
  --json FILE     where the figures are kept; by default .data/bench_panel.json`);
  Deno.exit(0);
}
const times = Number(positionals[0] ?? 30);
const licenses = Number(values.licenses);
if (!(times >= 1 && licenses >= 100)) throw new Error("Times is a number from 1, licenses one from 100.");

interface Figure {
  name: string;
  unit: "ms" | "kB";
  /** By how much the processor is slowed down. */
  slower: number;
  median: number;
  p95: number;
  goal: number | null;
}

const figures: Figure[] = [];
const isWanted = (name: string) => name.includes(values.only);

function add(
  name: string,
  taken: number[],
  { goal = null, slower = 1, unit = "ms" }: Partial<Figure> = {},
): void {
  const [median, p95] = [50, 95].map((percent) => Math.round(percentile(taken, percent) * 10) / 10);
  figures.push({ name, unit, slower, median, p95, goal });
  const isOver = goal !== null && p95 > goal;
  console.log(
    `${name.padEnd(52)} ${slower}× ${String(median).padStart(8)} ${String(p95).padStart(8)} ${unit} ` +
      `${goal === null ? "" : String(goal).padStart(6)}${isOver ? "  OVER" : ""}`,
  );
}

async function repeat(measure: (n: number) => Promise<number>): Promise<number[]> {
  // The first are not counted: code is compiled, connections prepare their statements.
  for (let n = 0; n < 3; n++) await measure(n);
  const taken: number[] = [];
  for (let n = 3; n < times + 3; n++) taken.push(await measure(n));
  return taken;
}

await buildPanel();
console.log(
  `${cpus().length} cores, ${cpus()[0].model}; Deno ${Deno.version.deno}; load ${
    Deno.loadavg()[0].toFixed(1)
  }`,
);
console.log(`${times} times each, ${licenses} licenses${" ".repeat(28)}median      p95      goal`);
const environment = await startEnvironment();
const browser = await openBrowser();
try {
  const { keys } = await loadLicenses(environment.db, licenses, 2);
  const server = await environment.startServer(raisedLimits);
  const token = await signOwnerIn(await benchContext(environment.db, testSecrets.ENCRYPTION_KEY));
  const context = await openContext(browser, server.url, token);
  if (isWanted("first page")) await measureScripts(context);
  const page = await context.newPage();
  for (const slower of [1, 4] as const) {
    await throttle(page, slower);
    if (isWanted("yardstick")) await measureYardsticks(page, keys, slower);
    for (const task of panelTasks(keys).filter(({ name }) => isWanted(name))) {
      await task.prepare(page);
      add(task.name, await repeat((n) => task.run(page, n)), { goal: task.goals[slower] ?? null, slower });
    }
  }
  await context.close();
  await server.stop();
  if (isWanted("docs")) await measureDocs(environment, browser);
} finally {
  await browser.close();
  await environment.stop();
}
await Deno.mkdir(dirname(values.json), { recursive: true });
await Deno.writeTextFile(
  values.json,
  JSON.stringify({ at: new Date(), deno: Deno.version.deno, times, licenses, figures }, null, 2) + "\n",
);
console.log(`The figures are in ${values.json}.`);
Deno.exit(0);

async function openContext(browser: Browser, url: string, token?: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1360, height: 900 } });
  if (token) await context.addCookies([{ name: "latchkey_session", value: token, url }]);
  return context;
}

async function measureYardsticks(page: Page, keys: string[], slower: number): Promise<void> {
  await preparePaint(page);
  add("yardstick: paint of an empty page", await repeat(() => measurePaint(page)), { slower });
  await page.goto("/latchkey.svg");
  const q = (n: number) => keys[n * 53 % keys.length].slice(0, 7);
  for (
    const [procedure, input] of [
      ["licenses.list", (n: number) => ({ q: q(n), sort: "-id" })],
      ["licenses.get", (n: number) => ({ id: n + 1 })],
      ["search.everything", (n: number) => ({ q: q(n), limit: 8 })],
    ] as const
  ) {
    const taken = await repeat((n) => measureCall(page, procedure, input(n)));
    add(`yardstick: the bare call ${procedure}`, taken, { slower });
  }
}

/** The scripts that a browser without a cache loads until a page is shown. */
async function measureScripts(context: BrowserContext): Promise<void> {
  for (const [path, goal] of [["/dashboard", 150], ["/licenses", null], ["/license/edit/1", null]] as const) {
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    page.on("response", (response) => {
      if (!/\.js$/.test(response.url())) return;
      scripts.push(response.body().then((body) => gzipSync(body).length / 1000));
    });
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const size = (await Promise.all(scripts)).reduce((sum, each) => sum + each, 0);
    add(`first page ${path}, its scripts gzipped`, [size], { goal, unit: "kB" });
    await page.close();
  }
}

/** The first page of the documentation that a new process answers with, until the browser has painted it. */
async function measureDocs({ startServer }: BenchEnvironment, browser: Browser): Promise<void> {
  const starts = Math.min(times, 10);
  for (const path of ["/docs", "/docs/api/license-api", "/docs/errors"]) {
    const taken: number[] = [];
    const again: number[] = [];
    for (let n = 0; n < starts; n++) {
      const server = await startServer(raisedLimits);
      taken.push(await firstPaint(browser, server.url, path));
      again.push(await firstPaint(browser, server.url, path));
      await server.stop();
    }
    add(`docs: ${path}, the first of a new process`, taken, { goal: 1000 });
    add(`docs: ${path}, again`, again);
  }
}

async function firstPaint(browser: Browser, url: string, path: string): Promise<number> {
  const context = await openContext(browser, url);
  const page = await context.newPage();
  await page.goto(path);
  const taken = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      new PerformanceObserver((list) => {
        const paint = list.getEntriesByName("first-contentful-paint")[0];
        if (paint) resolve(paint.startTime);
      }).observe({ type: "paint", buffered: true });
    })
  );
  await context.close();
  return taken;
}
