// What surrounds every page: a bar while the next page is loading, "Reconnecting…" while the server is away, and the
// loading of newer code after an upgrade. Links load their page's code and data when they are focused or touched.
import {
  type RouteSectionProps,
  useBeforeLeave,
  useIsRouting,
  useLocation,
  usePreloadRoute,
} from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { setChosenPage } from "../lib/chosen_page.ts";
import { isAway, onReturn } from "../lib/connection.ts";
import { checkVersion, isOutdated, reloadAt, wasReloaded } from "../lib/load_part.ts";
import { refresh } from "../lib/queries.ts";
import { Button } from "../ui/Button.tsx";
import { toast } from "../ui/Toasts.tsx";

/** A page that takes longer to load shows the bar; milliseconds. */
const SLOW_MS = 50;

export function Connection(props: RouteSectionProps) {
  const location = useLocation();
  const isRouting = useIsRouting();
  let target: string | null = null;
  useBeforeLeave((event) => {
    target = typeof event.to === "string" ? event.to : null;
    setChosenPage(target && new URL(target, document.baseURI).pathname);
    // Another part of the page may keep the person here.
    queueMicrotask(() => event.defaultPrevented && setChosenPage(null));
    if (!isOutdated() || target === null) return;
    event.preventDefault();
    reloadAt(target);
  });
  createEffect(on([() => location.pathname, isRouting], ([, isLoading]) => isLoading || setChosenPage(null)));
  // A page that was asked for cannot be shown without its code, so that nothing is lost. Elsewhere the person decides.
  createEffect(() => isOutdated() && isRouting() && reloadAt(target ?? addressOf(location)));
  onCleanup(onReturn(() => {
    refresh();
    void checkVersion();
  }));
  onMount(() => wasReloaded && toast("The server was updated. This page was reloaded."));
  preloadLinks();
  return (
    <>
      <NavigationBar isLoading={isRouting()} />
      {/* A live region has to be there before its text is. */}
      <div role="status" class="fixed inset-x-0 top-0 z-30 flex justify-center">
        <Show
          when={isAway()}
          fallback={
            <Show when={isOutdated()}>
              <UpdateNotice />
            </Show>
          }
        >
          <Notice>Reconnecting… The server is not responding.</Notice>
        </Show>
      </div>
      {props.children}
    </>
  );
}

const addressOf = ({ pathname, search }: { pathname: string; search: string }) => pathname + search;

function NavigationBar(props: { isLoading: boolean }) {
  const [isSlow, setIsSlow] = createSignal(false);
  createEffect(() => {
    if (!props.isLoading) return setIsSlow(false);
    const timer = setTimeout(() => setIsSlow(true), SLOW_MS);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <Show when={isSlow()}>
      <div
        role="progressbar"
        aria-label="Loading the page"
        class="fixed inset-x-0 top-0 z-50 h-0.5 origin-left bg-accent animate-load"
      />
    </Show>
  );
}

function UpdateNotice() {
  const location = useLocation();
  return (
    <Notice>
      The server was updated.
      <Button variant="quiet" class="text-accent" onClick={() => reloadAt(addressOf(location))}>
        Reload
      </Button>
    </Notice>
  );
}

function Notice(props: { children: JSX.Element }) {
  return (
    <p class="mt-2 flex min-h-8 items-center gap-2 rounded-md border border-line bg-raised px-3 text-sm shadow-pop">
      {props.children}
    </p>
  );
}

/** The router itself loads the page of a link when the pointer is over it. */
function preloadLinks(): void {
  const preload = usePreloadRoute();
  function handle(event: Event): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
    const isElsewhere = !link || link.origin !== globalThis.location.origin || link.target !== "" ||
      link.rel.includes("external") || link.hasAttribute("download");
    if (!isElsewhere) preload(new URL(link.href), { preloadData: true });
  }
  document.addEventListener("focusin", handle);
  document.addEventListener("touchstart", handle, { passive: true });
  onCleanup(() => {
    document.removeEventListener("focusin", handle);
    document.removeEventListener("touchstart", handle);
  });
}
