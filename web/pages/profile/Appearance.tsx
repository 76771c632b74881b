// The choice of the color theme.
import { For } from "solid-js";
import { chooseTheme, type Theme, theme } from "../../lib/theme.ts";
import { Card } from "../../ui/Card.tsx";

const themes: [Theme, string][] = [["system", "System"], ["light", "Light"], ["dark", "Dark"]];

export function Appearance() {
  return (
    <Card title="Appearance" hint="Applies to this browser.">
      <fieldset class="flex flex-wrap gap-x-4 gap-y-2 text-sm">
        <legend class="sr-only">Theme</legend>
        <For each={themes}>
          {([value, title]) => (
            <label class="inline-flex touch:min-h-11 items-center gap-2">
              <input
                type="radio"
                name="theme"
                class="size-4 touch:size-6 accent-accent"
                checked={theme() === value}
                onChange={() => chooseTheme(value)}
              />
              {title}
            </label>
          )}
        </For>
      </fieldset>
    </Card>
  );
}
