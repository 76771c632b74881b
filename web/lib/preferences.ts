// What a person has chosen (columns, saved views, …), kept on the server so that it follows them; a few things that
// must be known before the first answer are kept in the browser.
import { createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { tellRefusal } from "../ui/Toasts.tsx";
import { trpc } from "./trpc.ts";

/** A value kept in this browser; what is kept there and no longer makes sense counts as absent. */
export function createKept<Value>(name: string, standard: Value) {
  const key = `latchkey.${name}`;
  const read = (): Value => {
    try {
      const kept = localStorage.getItem(key);
      return kept === null ? standard : JSON.parse(kept);
    } catch {
      return standard;
    }
  };
  const [value, setValue] = createSignal<Value>(read());
  const keep = (next: Value) => {
    setValue(() => next);
    localStorage.setItem(key, JSON.stringify(next));
  };
  return [value, keep] as const;
}

const [preferences, setPreferences] = createStore<{ byName: Record<string, unknown> }>({ byName: {} });

/** Takes over what is kept on the server for who has signed in. */
export function showPreferences(byName: Record<string, unknown>): void {
  setPreferences("byName", reconcile(byName));
}

/**
 * What a person has chosen, by name, and a way to choose anew; null forgets. It is shown at once and kept on the server,
 * so that it is there on their other machines, too.
 */
export function usePreference<Value>(name: string, standard: Value) {
  const value = () => (preferences.byName[name] ?? standard) as Value;
  const keep = (next: Value) => {
    setPreferences("byName", { ...preferences.byName, [name]: next });
    trpc.account.keepPreference.mutate({ name, value: next as never }).catch(tellRefusal);
  };
  return [value, keep] as const;
}
