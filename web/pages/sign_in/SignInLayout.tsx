// The layout of pages without a session: a centered card with the logo.
import { createEffect, type JSX } from "solid-js";

export function SignInLayout(props: { title: string; children: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Latchkey`;
  });
  return (
    <main class="flex min-h-dvh items-center justify-center p-4">
      <div class="flex w-full max-w-sm min-w-0 flex-col gap-4 rounded-lg border border-line bg-surface p-6">
        <div class="flex items-center gap-2">
          <img src="/latchkey.svg" alt="" class="size-8" />
          <h1 class="min-w-0 text-lg font-semibold tracking-tight break-words">{props.title}</h1>
        </div>
        {props.children}
      </div>
    </main>
  );
}
