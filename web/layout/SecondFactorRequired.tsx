// Shown in place of every page to administrators who must add a second factor. The page that was asked for follows.
import { useNavigate } from "@solidjs/router";
import { createEffect } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { me, signOut } from "../features/account/session.ts";
import { Passkeys } from "../features/account/Passkeys.tsx";
import { SecondFactor } from "../features/account/SecondFactor.tsx";
import { Button } from "../ui/Button.tsx";
import { SignOutIcon } from "../ui/icons.ts";
import { Reauthenticate } from "./Reauthenticate.tsx";

export function SecondFactorRequired() {
  const navigate = useNavigate();
  createEffect(() => {
    document.title = "Add a second factor · Latchkey";
  });
  async function leave() {
    await signOut();
    navigate(addresses.signIn());
  }
  return (
    <>
      <main class="mx-auto flex w-full max-w-2xl flex-col gap-4 px-4 py-8">
        <header class="flex flex-wrap items-start justify-between gap-3">
          <div class="min-w-0 flex-1 basis-72">
            <h1 class="text-lg font-semibold tracking-tight">Add a second factor</h1>
            <p class="mt-0.5 text-sm break-words text-muted">
              An owner requires one of everybody here, and your account {me()?.email}{" "}
              has none yet. Add an authenticator app or a passkey; then you go on where you wanted to go.
            </p>
          </div>
          <Button variant="quiet" onClick={() => void leave()}>
            <SignOutIcon /> Sign out
          </Button>
        </header>
        <SecondFactor />
        <Passkeys />
      </main>
      <Reauthenticate />
    </>
  );
}
