// Signals whose value is kept in the browser's local storage.
import { createSignal } from "solid-js";

/**
 * A signal that is initialised from local storage and written to it on every change. A stored value that is not valid
 * JSON counts as absent.
 *
 * @param name the storage key, without the "latchkey." prefix
 * @param defaultValue the value when nothing is stored
 */
export function createStoredSignal<Value>(name: string, defaultValue: Value) {
  const key = `latchkey.${name}`;
  const read = (): Value => {
    try {
      const stored = localStorage.getItem(key);
      return stored === null ? defaultValue : JSON.parse(stored);
    } catch {
      return defaultValue;
    }
  };
  const [value, setValue] = createSignal<Value>(read());
  const store = (next: Value) => {
    setValue(() => next);
    localStorage.setItem(key, JSON.stringify(next));
  };
  return [value, store] as const;
}
