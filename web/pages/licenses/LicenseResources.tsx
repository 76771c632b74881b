// The resources allocated to a license. More can be allocated, and each released.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { freeResourceSearch } from "../../features/pickers/searches.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import type { Choice } from "../../ui/list/list.ts";
import { Picker } from "../../ui/Picker.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import type { License } from "./license_actions.ts";

export function LicenseResources(props: { license: License }) {
  const resources = useApiQuery("resources", "list", () => ({ licenseId: props.license.id, limit: 200 }), {
    keepPrevious: true,
  });
  const { id: licenseId } = props.license;
  const allocate = async (id: number) => {
    const { newlyAllocated } = await trpc.resources.allocate.mutate({ licenseId, resourceIds: [id] });
    refresh();
    return newlyAllocated.length > 0;
  };
  const release = async (id: number) => {
    const released = await trpc.resources.release.mutate({ resourceIds: [id], licenseId });
    refresh();
    return released.length > 0;
  };
  const disabledReason = () =>
    props.license.deletedAt ? "Restore the license first." : missingRoleReason("manager");
  return (
    <Card flush>
      <QueryBoundary query={resources}>
        {(page) => (
          <Show
            when={page().rows.length > 0}
            fallback={<Empty title="No resources">Allocate an available resource below.</Empty>}
          >
            <ul class="divide-y divide-line text-sm">
              <For each={page().rows}>
                {(resource) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <A
                      href={addresses.resource(resource.id)}
                      class="min-w-0 font-medium break-words hover:underline"
                    >
                      {resource.identifier}
                    </A>
                    <span class="text-muted">{resource.type}</span>
                    <span class="ml-auto text-muted">
                      allocated <Time at={resource.allocatedAt} />
                    </span>
                    <Button
                      variant="quiet"
                      about={resource.identifier}
                      disabledReason={disabledReason()}
                      onClick={() =>
                        void runWithToast(
                          () => release(resource.id),
                          `${resource.identifier} released.`,
                          () => allocate(resource.id),
                        )}
                    >
                      Release
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </QueryBoundary>
      <AllocateForm
        disabledReason={disabledReason()}
        allocate={({ id, title }) =>
          runWithToast(() => allocate(id), `${title} allocated.`, () => release(id))}
      />
    </Card>
  );
}

function AllocateForm(props: { disabledReason: string | null; allocate(choice: Choice): Promise<boolean> }) {
  const [chosen, setChosen] = createSignal<Choice | null>(null);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const choice = chosen();
    if (choice && !props.disabledReason && await props.allocate(choice)) setChosen(null);
  }
  return (
    <form class="flex flex-wrap items-end gap-2 border-t border-line p-4" onSubmit={submit}>
      <div class="min-w-48 flex-1">
        <Picker
          label="Available resource"
          search={freeResourceSearch}
          value={chosen()?.id ?? null}
          choose={setChosen}
        />
      </div>
      <Button
        type="submit"
        disabledReason={props.disabledReason ?? (chosen() ? null : "Select a resource first.")}
      >
        Allocate
      </Button>
    </form>
  );
}
