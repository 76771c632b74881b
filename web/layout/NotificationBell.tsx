// The bell in the top bar: how many notifications are unread, announced when there are more.
import { A } from "@solidjs/router";
import { createEffect, createSignal, on, Show } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { useApiQuery } from "../lib/queries.ts";
import { NotificationsIcon } from "../ui/icons.ts";

export function NotificationBell() {
  const unread = useApiQuery("notifications", "unread", () => undefined);
  const count = () => unread.data?.count ?? 0;
  const shown = () => `${count()}${unread.data?.isMore ? "+" : ""}`;
  const [announced, announce] = createSignal("");
  createEffect(on(() => unread.data && count(), (now, before) => {
    if (now === undefined || before === undefined) return;
    announce(now > before ? `Notifications: ${shown()} unread` : "");
  }));
  return (
    <>
      <A
        href={addresses.notifications()}
        class="relative inline-flex size-8 touch:size-11 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
        aria-label={`Notifications${count() > 0 ? `: ${shown()} unread` : ""}`}
        title="Notifications"
      >
        <NotificationsIcon class="size-4" aria-hidden="true" />
        <Show when={count() > 0}>
          <span
            class="absolute top-0 right-0 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-accent"
            aria-hidden="true"
          >
            {shown()}
          </span>
        </Show>
      </A>
      <span class="sr-only" role="status">{announced()}</span>
    </>
  );
}
