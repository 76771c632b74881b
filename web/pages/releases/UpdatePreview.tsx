// What an update check of a given version would answer now. The version is kept in the URL.
import { Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { UpdateOffer } from "../../features/releases/UpdateOffer.tsx";

export function UpdatePreview(props: { productId: number }) {
  const [state, set] = useAddressState({ runs: undefined as string | undefined });
  const version = () => state.runs?.trim().slice(0, 255) || null;
  const offers = useApiQuery(
    "releases",
    "explain",
    () => version() ? { productId: props.productId, versions: [version()!] } : null,
    { keepPrevious: true },
  );
  return (
    <Card title="Update check preview" hint="Response to an update check from this version">
      <div class="flex flex-col gap-3">
        <Field label="Installed version" class="max-w-64">
          {(parts) => (
            <input
              id={parts.id}
              class={`${inputClass} font-mono`}
              value={state.runs ?? ""}
              placeholder="1.0.0"
              maxlength={255}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => set({ runs: event.currentTarget.value || undefined }, { replace: true })}
            />
          )}
        </Field>
        <div class="text-sm" role="status">
          <Show when={version()} fallback={<span class="text-muted">Enter a version, such as 1.0.0.</span>}>
            <QueryBoundary query={offers} lines={1}>
              {(found) => <UpdateOffer offer={found()[0]} />}
            </QueryBoundary>
          </Show>
        </div>
      </div>
    </Card>
  );
}
