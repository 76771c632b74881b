// The administrator's preferences (columns, saved views, time zone, …). They are stored on the server, so that they apply
// in every browser.
import { createEffect, createRoot } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { toApiError } from "../../lib/api_error.ts";
import { isSame, mergeLists } from "../../lib/changes.ts";
import { applyTimeFormat, type TimeFormat } from "../../lib/time_format.ts";
import { trpc } from "../../lib/trpc.ts";
import { toastError } from "../../ui/Toasts.tsx";

const [preferences, setPreferences] = createStore<{ byName: Record<string, unknown> }>({ byName: {} });

/** What is being saved; the next change waits for it. */
let saving: Promise<unknown> = Promise.resolve();

/** Replaces all preferences with those of the administrator who signed in. */
export function replacePreferences(byName: Record<string, unknown>): void {
  setPreferences("byName", reconcile(byName));
}

/**
 * One preference and its setter. A change applies at once and is saved in the background.
 *
 * @param defaultValue the value when none is saved; setting null removes the saved value
 */
export function usePreference<Value>(name: string, defaultValue: Value) {
  const value = () => (preferences.byName[name] ?? defaultValue) as Value;
  const save = (next: Value) => {
    const seen = preferences.byName[name] ?? null;
    show(name, next);
    saving = saving.then(() => store(name, seen, next)).catch(toastError);
  };
  return [value, save] as const;
}

const TIME_FORMAT = "timeFormat";
createRoot(() => createEffect(() => applyTimeFormat(preferences.byName[TIME_FORMAT])));

/** The time zone and clock that times are shown in, and its setter. */
export const useTimeFormat = () => usePreference<TimeFormat>(TIME_FORMAT, { timeZone: null, clock: null });

function show(name: string, value: unknown): void {
  setPreferences("byName", { ...preferences.byName, [name]: value });
}

/** How often another tab may have changed the same preference in the meantime. */
const MAX_TRIES = 5;

/** Saves a value. What was added to and taken out of a list is done to the one another tab has saved since. */
async function store(name: string, seen: unknown, next: unknown): Promise<void> {
  let [before, value] = [seen, next];
  for (let tries = 1;; tries++) {
    try {
      await trpc.account.setPreference.mutate({ name, value, seen: before });
      break;
    } catch (error) {
      const { code, details } = toApiError(error);
      if (code !== "REVISION_OUTDATED" || tries === MAX_TRIES) throw error;
      const current = (details.current as { value: unknown }).value;
      if (Array.isArray(value)) value = mergeLists(listOf(before), value, listOf(current));
      before = current;
    }
  }
  // Unless it was changed again since.
  if (isSame(preferences.byName[name], next)) show(name, value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
