// A state as a word with an icon. The color is never the only difference.
import { Dynamic } from "solid-js/web";
import { AlertIcon, ClockIcon, GoodIcon, InfoIcon, OffIcon } from "./icons.ts";

export type Tone = "good" | "warn" | "bad" | "off" | "info";

const tones: Record<Tone, { class: string; icon: typeof GoodIcon }> = {
  good: { class: "bg-good-soft text-good", icon: GoodIcon },
  warn: { class: "bg-warn-soft text-warn", icon: ClockIcon },
  bad: { class: "bg-bad-soft text-bad", icon: AlertIcon },
  off: { class: "bg-sunken text-muted", icon: OffIcon },
  info: { class: "bg-accent-soft text-accent", icon: InfoIcon },
};

export function Badge(props: { tone: Tone; children: string; icon?: typeof GoodIcon }) {
  return (
    <span
      class={`inline-flex h-5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${
        tones[props.tone].class
      }`}
    >
      <Dynamic component={props.icon ?? tones[props.tone].icon} class="size-3 shrink-0" aria-hidden="true" />
      {props.children}
    </span>
  );
}
