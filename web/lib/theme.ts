// Light, dark, or as the system has it. theme.js applies what is kept here before the first picture.
import { createSignal } from "solid-js";

export type Theme = "light" | "dark" | "system";
const KEY = "latchkey.theme";

const kept = localStorage.getItem(KEY);
const [theme, setTheme] = createSignal<Theme>(kept === "light" || kept === "dark" ? kept : "system");
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
