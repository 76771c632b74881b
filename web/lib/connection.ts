// Whether the server answers. A call that fails without an answer makes the panel ask for the server's health until it does.
import { createSignal } from "solid-js";

const [isAway, setIsAway] = createSignal(false);
/** Whether the server does not answer at present. */
export { isAway };

/** The time between two questions; milliseconds. */
const ASK_AGAIN_MS = 1500;
/** A server that takes longer counts as away; milliseconds. */
const TIMEOUT_MS = 5000;
/** What a proxy answers for a server that is away. */
const AWAY_STATUSES = [502, 503, 504];

const listeners = new Set<() => void>();
let check: Promise<void> | null = null;

/** Calls the listener whenever the server answers again. Returns what removes it. */
export function onReturn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Finds out whether the server answers, and waits until it does. */
export function checkConnection(): Promise<void> {
  check ??= askUntilAnswered().finally(() => check = null);
  return check;
}

async function askUntilAnswered(): Promise<void> {
  while (!await answers()) {
    setIsAway(true);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  if (!isAway()) return;
  setIsAway(false);
  for (const listener of listeners) listener();
}

async function answers(): Promise<boolean> {
  try {
    const { status } = await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return !AWAY_STATUSES.includes(status);
  } catch {
    return false;
  }
}
