// The layout of pages without a session: a centered card with the logo.
import { useLocation } from "@solidjs/router";
import { createEffect, type JSX, onMount } from "solid-js";
import { enterPage } from "../../ui/focus.ts";

export function SignInLayout(props: { title: string; children: JSX.Element }) {
  const location = useLocation();
  let main!: HTMLElement;
  let heading!: HTMLHeadingElement;
  // These pages are one form each, which starts in its first field.
  onMount(() =>
    enterPage(location.pathname, props.title, main.querySelector<HTMLElement>("[autofocus]") ?? heading)
  );
  createEffect(() => {
    document.title = `${props.title} · Latchkey`;
  });
  return (
    <main ref={main} class="flex min-h-dvh items-center justify-center p-4">
      <div class="flex w-full max-w-sm min-w-0 flex-col gap-4 rounded-lg border border-line bg-surface p-6">
        <div class="flex items-center gap-2">
          <img src="/latchkey.svg" alt="" class="size-8" />
          <h1
            ref={heading}
            tabindex="-1"
            class="min-w-0 text-lg font-semibold tracking-tight break-words outline-none"
          >
            {props.title}
          </h1>
        </div>
        {props.children}
      </div>
    </main>
  );
}
