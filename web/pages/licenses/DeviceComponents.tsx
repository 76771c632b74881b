// The components that a device is recognised by, and the fingerprints that it had before. Nothing for apps that send none.
import { For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Time } from "../../ui/Time.tsx";

export function DeviceComponents(props: { id: number }) {
  const known = useApiQuery("devices", "components", () => ({ id: props.id }));
  return (
    <>
      <Show when={known.data?.components.length}>
        <Card title="Components">
          <DetailList
            items={known.data!.components.map(({ name, since }) => [
              name,
              <>
                same since <Time at={since} />
              </>,
            ])}
          />
        </Card>
      </Show>
      <Show when={known.data?.rebinds.length}>
        <Card title="Fingerprint changes">
          <ul class="flex flex-col gap-2 text-sm">
            <For each={known.data!.rebinds}>
              {(rebind) => (
                <li>
                  <Time at={rebind.at} />: recognised although{" "}
                  {rebind.changedComponents.join(", ") || "its fingerprint"} changed
                  <Show when={rebind.fingerprintBefore}>
                    {" · "}
                    <Code text={rebind.fingerprintBefore!} label="the previous fingerprint" short />
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Card>
      </Show>
    </>
  );
}
