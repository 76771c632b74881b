// The releases of a product, the newest first.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatDay } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";

export function ProductReleases(props: { productId: number; disabledReason?: string | null }) {
  const releases = useApiQuery("releases", "list", () => ({ productId: props.productId, limit: 50 }), {
    keepPrevious: true,
  });
  const add = () => (
    <ButtonLink
      href={withQuery(addresses.newRelease(), { productId: props.productId })}
      disabledReason={missingRoleReason("manager") ?? props.disabledReason}
    >
      <AddIcon /> New release
    </ButtonLink>
  );
  return (
    <Card title="Releases" hint="What apps are offered when they ask for updates." actions={add()} flush>
      <QueryBoundary query={releases}>
        {(page) => (
          <>
            <ul class="divide-y divide-line text-sm">
              <For
                each={page().rows}
                fallback={
                  <li>
                    <Empty title="No releases yet">
                      Publish the first, and apps that ask are told of it. Until then they are told that there
                      is nothing new.
                    </Empty>
                  </li>
                }
              >
                {(release) => (
                  <li class="flex items-start gap-4 px-4 py-2">
                    <div class="min-w-0 flex-1">
                      <p class="flex flex-wrap items-center gap-2">
                        <A
                          href={addresses.release(release.id)}
                          class="font-medium break-all hover:underline"
                        >
                          {release.version}
                        </A>
                        <Show when={release.isMandatory}>
                          <Badge tone="warn">Mandatory</Badge>
                        </Show>
                      </p>
                      <Show when={release.releaseNotes}>
                        <p class="line-clamp-2 break-words text-muted">{release.releaseNotes}</p>
                      </Show>
                    </div>
                    <span class="shrink-0 text-muted">{formatDay(release.releaseDate)}</span>
                  </li>
                )}
              </For>
            </ul>
            <Show when={page().next}>
              <p class="border-t border-line px-4 py-2 text-sm">
                <A
                  href={withQuery(addresses.releases(), { productId: props.productId })}
                  class="text-accent hover:underline"
                >
                  All releases of this product
                </A>
              </p>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Card>
  );
}
