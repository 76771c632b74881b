// The emails about a license, a customer or a user, each with what became of it.
import { For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import type { Inputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Time } from "../../ui/Time.tsx";
import { MailState } from "./MailState.tsx";

/**
 * @param props.email the address whose unsubscribed kinds are shown
 */
export function MailList(props: { about: Inputs["mails"]["list"]; email?: string | null }) {
  const mails = useApiQuery("mails", "list", () => props.about);
  const unsubscribed = useApiQuery(
    "mails",
    "unsubscribed",
    () => props.email ? { email: props.email } : null,
  );
  return (
    <>
      <Show when={unsubscribed.data?.length}>
        <p class="border-b border-line px-4 py-2 text-sm text-muted">
          Unsubscribed from: {unsubscribed.data!.map(({ title }) => title).join(", ")}
        </p>
      </Show>
      <QueryBoundary query={mails}>
        {(mails) => (
          <ul class="divide-y divide-line text-sm">
            <For
              each={mails()}
              fallback={
                <li>
                  <Empty title="No emails">
                    Emails appear here for as long as they are kept. Which ones are sent is set in Settings.
                  </Empty>
                </li>
              }
            >
              {(mail) => (
                <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                  <span class="min-w-0 flex-1 basis-72">
                    <span class="block font-medium break-words">{mail.subject}</span>
                    <span class="block text-xs break-words text-muted">
                      {mail.title} · to {mail.recipient}{" "}
                      <Show when={mail.state !== "sent"}>
                        · created <Time at={mail.createdAt} />
                      </Show>
                    </span>
                  </span>
                  <MailState mail={mail} />
                </li>
              )}
            </For>
          </ul>
        )}
      </QueryBoundary>
    </>
  );
}
