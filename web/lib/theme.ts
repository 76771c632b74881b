// The color theme: light, dark or the system's. theme.js applies the stored value before the first paint.
import { createSignal } from "solid-js";

export type Theme = "light" | "dark" | "system";
const KEY = "latchkey.theme";

const stored = localStorage.getItem(KEY);
const [theme, setTheme] = createSignal<Theme>(stored === "light" || stored === "dark" ? stored : "system");
export { theme };

export function chooseTheme(next: Theme): void {
  setTheme(next);
  if (next === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset.theme = next;
  }
}
