// The layout around every page: sidebar, top bar, command palette, shortcuts and re-authentication. It requires a
// session.
import { type RouteSectionProps, useLocation, useNavigate } from "@solidjs/router";
import { createResource, createSignal, ErrorBoundary, Match, onCleanup, Suspense, Switch } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { createStoredSignal } from "../lib/stored_signal.ts";
import { followEvents } from "../features/events/live_events.ts";
import { toApiError } from "../lib/api_error.ts";
import { onReturn } from "../lib/connection.ts";
import { lazyPart, PartMissing } from "../lib/load_part.ts";
import { queryClient } from "../lib/queries.ts";
import { loadMe, me } from "../features/account/session.ts";
import { Failure } from "../ui/Failure.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { Palette } from "./palette/Palette.tsx";
import { Reauthenticate } from "./Reauthenticate.tsx";
import { Shortcuts } from "./Shortcuts.tsx";
import { Sidebar } from "./Sidebar.tsx";
import { TopBar } from "./TopBar.tsx";

/** Loaded on demand, because few administrators see it. */
const SecondFactorRequired = lazyPart(() => import("./SecondFactorRequired.tsx"), "SecondFactorRequired");

export function Layout(props: RouteSectionProps) {
  const location = useLocation();
  const navigate = useNavigate();
  const [session, { refetch }] = createResource(async () => {
    const person = me() ?? await loadMe();
    if (!person) navigate(addresses.signIn(location.pathname + location.search), { replace: true });
    return person;
  });
  onCleanup(onReturn(() => session.error && void refetch()));
  // An owner may require second factors during a session: the next refused query reloads the session, which leads
  // there.
  onCleanup(
    queryClient.getQueryCache().subscribe(({ type, query }) => {
      const isRefused = type === "updated" && query.state.error !== null &&
        toApiError(query.state.error).code === "SECOND_FACTOR_MISSING";
      if (isRefused && !me()?.lacksSecondFactor) void loadMe();
    }),
  );
  return (
    <Switch>
      <Match when={session.error}>
        <div class="mx-auto max-w-lg p-8">
          <Failure error={toApiError(session.error)} retry={() => void refetch()} />
        </div>
      </Match>
      <Match when={me()?.lacksSecondFactor}>
        <Suspense>
          <SecondFactorRequired />
        </Suspense>
      </Match>
      <Match when={me()}>
        <Inside>{props.children}</Inside>
      </Match>
    </Switch>
  );
}

function Inside(props: Pick<RouteSectionProps, "children">) {
  const [isNarrow, setIsNarrow] = createStoredSignal("sidebar.narrow", false);
  const [isOpen, setIsOpen] = createSignal(false);
  followEvents();
  return (
    <div class="flex min-h-dvh">
      <a
        href="#content"
        class="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2 focus:shadow-pop"
      >
        Skip to main content
      </a>
      <Sidebar
        isNarrow={isNarrow()}
        toggleNarrow={() => setIsNarrow(!isNarrow())}
        isOpen={isOpen()}
        close={() => setIsOpen(false)}
      />
      <div class="flex min-w-0 flex-1 flex-col">
        <TopBar openSidebar={() => setIsOpen(true)} />
        <main id="content" tabindex="-1" class="min-w-0 flex-1 outline-none">
          <ErrorBoundary
            fallback={(error, reset) => (
              <div class="mx-auto max-w-lg p-8">
                <Failure
                  error={toApiError(error)}
                  retry={error instanceof PartMissing ? () => globalThis.location.reload() : reset}
                />
              </div>
            )}
          >
            <Suspense
              fallback={
                <div class="p-6">
                  <Skeleton lines={6} />
                </div>
              }
            >
              {props.children}
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Palette />
      <Shortcuts />
      <ConflictDialog />
      <Reauthenticate />
    </div>
  );
}
