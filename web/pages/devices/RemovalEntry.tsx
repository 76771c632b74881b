// The removal code of an app without a network: an administrator enters it, and its device is deactivated.
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { deviceName } from "../../features/devices/device_actions.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";

type Removed = Outputs["licenseFiles"]["remove"];

/** Longer than any code, also with what is around it; characters. */
const MAX_LENGTH = 1000;

export function RemovalEntry() {
  const remove = useApiMutation("licenseFiles", "remove");
  const [code, setCode] = createSignal("");
  const [wrong, setWrong] = createSignal<string | null>(null);
  const [removed, setRemoved] = createSignal<Removed | null>(null);
  function enter(text: string): void {
    setCode(text);
    setWrong(null);
    setRemoved(null);
  }
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (remove.isPending) return;
    if (code().trim() === "") return void setWrong("Enter the code that the app shows.");
    setRemoved(null);
    // The mutation shows why it failed.
    setRemoved(await remove.run({ code: code() }).catch(() => null));
  }
  return (
    <Card
      title="Removal code"
      hint="The app shows it once it no longer uses its license. Its device is deactivated."
      class="max-w-3xl"
    >
      <form class="flex flex-col gap-4" novalidate onSubmit={(event) => void submit(event)}>
        <Field label="Code" hint="Case, dashes and blanks do not matter." error={wrong()}>
          {(parts) => (
            <input
              id={parts.id}
              name="code"
              class={`${inputClass} font-mono`}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              maxlength={MAX_LENGTH}
              value={code()}
              aria-describedby={parts.describedBy}
              aria-invalid={parts.isInvalid}
              onInput={(event) => enter(event.currentTarget.value)}
            />
          )}
        </Field>
        <Show when={remove.error}>{(error) => <Failure error={error()} />}</Show>
        <Show when={removed()}>{(device) => <RemovedDevice device={device()} />}</Show>
        <div>
          <Button type="submit" isBusy={remove.isPending} disabledReason={missingRoleReason("manager")}>
            Deactivate device
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Which device the code was of, and whether it was active. */
function RemovedDevice(props: { device: Removed }) {
  return (
    <p role="status" class="text-sm">
      <A
        href={`${addresses.license(props.device.licenseId)}?device=${props.device.activationId}`}
        class="font-medium hover:underline"
      >
        {deviceName(props.device)}
      </A>{" "}
      {props.device.isChanged ? "is deactivated." : "was deactivated already; nothing changed."}{" "}
      <A href={addresses.license(props.device.licenseId)} class="hover:underline">Go to its license</A>
    </p>
  );
}
