// Copies a license key. Viewers see keys masked, so there is nothing for them to copy.
import { Show } from "solid-js";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { hasRole } from "../account/session.ts";

/** Whether the signed-in administrator sees license keys in full; the server masks them for viewers. */
export const seesKeys = (): boolean => hasRole("manager");

export function CopyKey(props: { text: string; class?: string }) {
  return (
    <Show when={seesKeys()}>
      <CopyButton text={props.text} label={`key ${props.text}`} class={props.class} />
    </Show>
  );
}
