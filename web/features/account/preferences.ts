// The administrator's preferences (columns, saved views, time zone, …). They are stored on the server, so that they apply
// in every browser.
import { createEffect, createRoot } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { applyTimeFormat, type TimeFormat } from "../../lib/time_format.ts";
import { trpc } from "../../lib/trpc.ts";
import { toastError } from "../../ui/Toasts.tsx";

const [preferences, setPreferences] = createStore<{ byName: Record<string, unknown> }>({ byName: {} });

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
    setPreferences("byName", { ...preferences.byName, [name]: next });
    trpc.account.setPreference.mutate({ name, value: next as never }).catch(toastError);
  };
  return [value, save] as const;
}

const TIME_FORMAT = "timeFormat";
createRoot(() => createEffect(() => applyTimeFormat(preferences.byName[TIME_FORMAT])));

/** The time zone and clock that times are shown in, and its setter. */
export const useTimeFormat = () => usePreference<TimeFormat>(TIME_FORMAT, { timeZone: null, clock: null });
