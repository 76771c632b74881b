// What an app of some version would be told today; the version asked for is in the address.
import { Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { useAnswer } from "../../lib/answers.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Card } from "../../ui/Card.tsx";
import { Field, inputLook } from "../../ui/Field.tsx";
import { OfferWords } from "./OfferWords.tsx";

export function OfferPreview(props: { productId: number }) {
  const [state, set] = useAddressState({ runs: undefined as string | undefined });
  const version = () => state.runs?.trim().slice(0, 255) || null;
  const offers = useAnswer(
    "releases",
    "explain",
    () => version() ? { productId: props.productId, versions: [version()!] } : null,
    { keep: true },
  );
  return (
    <Card title="What would an app be told?" hint="Its answer if it asked for updates now.">
      <div class="flex flex-col gap-3">
        <Field label="The version it runs" class="max-w-64">
          {(parts) => (
            <input
              id={parts.id}
              class={`${inputLook} font-mono`}
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
          <Show when={version()} fallback={<span class="text-muted">Type a version, such as 1.0.0.</span>}>
            <Answered of={offers} lines={1}>
              {(found) => <OfferWords offer={found()[0]} />}
            </Answered>
          </Show>
        </div>
      </div>
    </Card>
  );
}
