// The releases of a product, newest first, on its page.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { formatDay } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { RelatedList } from "./RelatedList.tsx";

/** @param props.disabledReason why no release can be published */
export function ProductReleases(props: { productId: number; disabledReason?: string | null }) {
  const releases = useApiQuery("releases", "list", () => ({ productId: props.productId, limit: 50 }), {
    keepPrevious: true,
  });
  return (
    <RelatedList
      title="Releases"
      hint="Offered to apps that check for updates."
      productId={props.productId}
      query={releases}
      create={{
        href: addresses.newRelease(),
        title: "New release",
        disabledReason: props.disabledReason,
      }}
      all={{ href: addresses.releases(), title: "View all releases" }}
      empty={
        <Empty title="No releases yet">
          Publish the first release to offer it to apps that check for updates.
        </Empty>
      }
    >
      {(release) => (
        <div class="flex items-start gap-4">
          <div class="min-w-0 flex-1">
            <p class="flex flex-wrap items-center gap-2">
              <A href={addresses.release(release.id)} class="font-medium break-all hover:underline">
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
        </div>
      )}
    </RelatedList>
  );
}
