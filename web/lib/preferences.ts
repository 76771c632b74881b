// What a person has chosen (columns, saved views, …), kept on the server so that it follows them; a few things that
// must be known before the first answer are kept in the browser.
import { createSignal } from "solid-js";

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

/** What a person has chosen, by name. */
export function usePreference<Value>(name: string, standard: Value) {
  return createKept(name, standard);
}
