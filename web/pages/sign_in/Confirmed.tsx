// Where the identity provider's window ends: the window before it goes on by itself.
import { onMount } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { SignInLayout } from "./SignInLayout.tsx";

export function Confirmed() {
  // Browsers close only windows that a page has opened; in others the sentence stays.
  onMount(() => globalThis.close());
  return (
    <SignInLayout title="You are signed in">
      <p class="text-sm text-muted">Close this window and continue in the previous one.</p>
      <ButtonLink href={addresses.dashboard()}>Go to dashboard</ButtonLink>
    </SignInLayout>
  );
}
