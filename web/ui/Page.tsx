// The frame of a page: title, state, actions and content.
import { A, useLocation } from "@solidjs/router";
import { children, createEffect, type JSX, onMount, Show, untrack } from "solid-js";
import { addRecentPage } from "../lib/recent_pages.ts";
import { enterPage } from "./focus.ts";
import { BackIcon } from "./icons.ts";

export interface PageProps {
  title: string;
  /** The visible title, where it is more than text. */
  heading?: JSX.Element;
  /** Badges after the title. */
  badges?: JSX.Element;
  /** One sentence: "412 licenses, 9 end this week". */
  state?: JSX.Element;
  /** The list that the object belongs to. */
  back?: { href: string; title: string };
  actions?: JSX.Element;
  children: JSX.Element;
}

/** The title of the page that is shown, which is the name of its object. */
export const titleOfPage = (): string => document.title.replace(/ · Latchkey$/, "");

export function Page(props: PageProps) {
  const location = useLocation();
  let heading!: HTMLHeadingElement;
  // Read once: each reading creates the components again, and their dialogs with them.
  const actions = children(() => props.actions);
  onMount(() => enterPage(location.pathname, props.title, heading));
  createEffect(() => {
    document.title = `${props.title} · Latchkey`;
    const page = { href: location.pathname, title: props.title };
    untrack(() => addRecentPage(page));
  });
  return (
    <div class="mx-auto flex w-full max-w-[1400px] flex-col gap-4 px-4 py-5 md:px-6">
      <header class="flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
        <div class="min-w-0">
          <Show when={props.back}>
            {(back) => (
              <A
                href={back().href}
                class="mb-1 inline-flex items-center gap-0.5 text-sm text-muted hover:text-ink print:hidden"
              >
                <BackIcon class="size-4" />
                {back().title}
              </A>
            )}
          </Show>
          <h1
            ref={heading}
            tabindex="-1"
            class="text-lg font-semibold tracking-tight break-words outline-none"
          >
            <Show when={props.badges !== undefined} fallback={props.heading ?? props.title}>
              <span class="inline-flex flex-wrap items-center gap-2">
                {props.heading ?? props.title}
                {props.badges}
              </span>
            </Show>
          </h1>
          <Show when={props.state}>
            <p class="mt-0.5 text-sm text-muted">{props.state}</p>
          </Show>
        </div>
        <Show when={actions()}>
          <div class="flex flex-wrap items-center gap-2 print:hidden">{actions()}</div>
        </Show>
      </header>
      {props.children}
    </div>
  );
}
