// A license key as it is shown everywhere: in groups, so that it can be read out and compared. The gaps are no part of the
// text that is selected and copied.
import { For } from "solid-js";

/** Longer keys without separators are shown in groups of four. */
const MAX_UNGROUPED = 8;

/** The groups of a key: the key itself where it has separators. */
export function groupsOf(key: string): string[] {
  return key.length <= MAX_UNGROUPED || /[^\p{L}\p{N}*]/u.test(key) ? [key] : key.match(/.{1,4}/gu)!;
}

export function LicenseKey(props: { text: string; class?: string }) {
  return (
    <span class={`font-mono ${props.class ?? ""}`}>
      <For each={groupsOf(props.text)}>{(group) => <span class="not-first:ml-[0.4em]">{group}</span>}</For>
    </span>
  );
}
