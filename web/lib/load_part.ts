// Code that is loaded on demand. When it cannot be loaded, either the server is away, and it is loaded when that answers
// again; or the server was upgraded since this tab was opened, and the tab has to be loaded again.
import { type Component, createSignal, lazy } from "solid-js";
import { checkConnection } from "./connection.ts";

const [isOutdated, setIsOutdated] = createSignal(false);
/** Whether this tab has to be loaded again to go on: the server has newer code. */
export { isOutdated };

/** Code that is not there, even after the tab was loaded again. */
export class PartMissing extends Error {
  constructor() {
    super("Couldn't load this page. Check your connection and reload it.");
  }
}

/** The tab is loaded again for missing code once within this time; milliseconds. */
const RELOAD_PAUSE_MS = 60_000;

/**
 * Loads a module with `import()`. Where the tab has to be loaded again, it never resolves.
 *
 * @throws PartMissing
 */
export async function loadPart<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch {
    await checkConnection();
  }
  try {
    // Browsers that remember a failed import fail again, as if the server had newer code.
    return await load();
  } catch {
    if (Date.now() - reloadedAt < RELOAD_PAUSE_MS) throw new PartMissing();
    setIsOutdated(true);
    return new Promise(() => {});
  }
}

// deno-lint-ignore no-explicit-any -- components with any properties
type AnyComponent = Component<any>;

/** A component that is loaded on demand, by the name of its export. */
export function lazyPart<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): Extract<Module[Name], AnyComponent> & { preload(): Promise<unknown> } {
  return lazy(async () => ({
    default: (await loadPart(load))[name] as Extract<Module[Name], AnyComponent>,
  }));
}

/** Finds out whether the page that the server sends now begins with another script than this one did. */
export async function checkVersion(): Promise<void> {
  const script = document.querySelector<HTMLScriptElement>("script[type=module][src]");
  const response = await fetch("/sign-in", { cache: "no-store", headers: { accept: "text/html" } })
    .catch(() => null);
  if (!script || !response?.ok) return;
  if (!(await response.text()).includes(new URL(script.src).pathname)) setIsOutdated(true);
}

const RELOADED = "latchkey.reloaded";
const reloadedAt = Number(sessionStorage.getItem(RELOADED));
sessionStorage.removeItem(RELOADED);

/** Whether this tab was loaded again by `reloadAt`. */
export const wasReloaded = reloadedAt > 0;

/** Loads the tab again, at a page. */
export function reloadAt(href: string): void {
  sessionStorage.setItem(RELOADED, String(Date.now()));
  if (href === location.pathname + location.search) location.reload();
  else location.assign(href);
}
