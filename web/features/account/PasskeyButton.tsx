// The button that confirms with a passkey, where the administrator has one and the browser can use it.
import { createEffect, createSignal, Show } from "solid-js";
import { loadPart } from "../../lib/load_part.ts";
import { Button } from "../../ui/Button.tsx";
import { KeyIcon } from "../../ui/icons.ts";
import { me } from "./session.ts";

/** The passkey library is loaded on demand. */
export const loadPasskeys = () => loadPart(() => import("./passkeys.ts"));

export function PasskeyButton(props: { onClick(): void }) {
  const [isUsable, setIsUsable] = createSignal(false);
  createEffect(() => {
    if (!me()?.passkeys) return;
    void loadPasskeys().then((passkeys) => setIsUsable(passkeys.canUsePasskeys()));
  });
  return (
    <Show when={isUsable()}>
      <Button class="mr-auto" onClick={() => props.onClick()}>
        <KeyIcon /> Use a passkey
      </Button>
    </Show>
  );
}
