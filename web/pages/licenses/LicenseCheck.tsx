// A trial verification: what a machine would be answered now, every check with its result, and suggested actions. The
// machine, with its components where it is recognised by them, is kept in the URL.
import { createSignal, For, Show } from "solid-js";
import { explanationQuery } from "../../../server/domain/devices/inputs.ts";
import { describeCode, isAllowed } from "../../features/licenses/code_labels.ts";
import { formatAgo } from "../../lib/format.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { AlertIcon, CheckIcon, GoodIcon, InfoIcon } from "../../ui/icons.ts";
import { deviceLabel, type License } from "./license_actions.ts";
import { SuggestedAction } from "./SuggestedAction.tsx";
import { type Check, type CheckResult, describeCheck } from "./check_labels.ts";

/** The fingerprint of the machine to check; null is a new machine. */
export function useMachine() {
  const [state, set] = useAddressState({
    machine: undefined as string | undefined,
    components: undefined as string | undefined,
  });
  return [
    () => state.machine ?? null,
    (hardwareId: string | null, components?: string) => set({ machine: hardwareId ?? undefined, components }),
    () => state.components ?? "",
  ] as const;
}

const OTHER = "other";
const componentList = explanationQuery.shape.components;

export function LicenseCheck(props: { license: License }) {
  const [machine, setMachine, components] = useMachine();
  const isCompared = () => props.license.machineMatching !== "exact";
  const [isTyping, setIsTyping] = createSignal(false);
  const [typed, setTyped] = createSignal(machine() ?? "");
  const [typedComponents, setTypedComponents] = createSignal(components());
  const [error, setError] = createSignal<string | null>(null);
  const devices = useApiQuery("devices", "list", () => ({ licenseId: props.license.id, limit: 100 }), {
    keepPrevious: true,
  });
  const result = useApiQuery(
    "licenses",
    "explain",
    () => ({
      id: props.license.id,
      hardwareId: machine(),
      components: isCompared() ? componentList.safeParse(listOf(components())).data : undefined,
    }),
    {
      keepPrevious: true,
    },
  );
  const isKnown = () => devices.data?.rows.some(({ hardwareId }) => hardwareId === machine()) ?? true;
  const isOther = () => isTyping() || machine() !== null && !isKnown();

  function choose(value: string): void {
    setIsTyping(value === OTHER);
    if (value !== OTHER) setMachine(value === "" ? null : value.slice(1));
  }
  function checkTyped(): void {
    const parsed = componentList.safeParse(listOf(typedComponents()));
    setError(
      parsed.success
        ? null
        : "At most 16 components, each a name, a colon and a value. Names have lower-case letters, digits, _, . and -.",
    );
    if (parsed.success && typed().trim()) setMachine(typed().trim(), parsed.data?.join(","));
  }
  return (
    <Card title="License check" hint="See what a device would get right now.">
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-4 xl:grid-cols-2">
        <div class="flex flex-col gap-4">
          <Field label="Device">
            {({ id }) => (
              <select
                id={id}
                class={inputClass}
                onChange={(event) => choose(event.currentTarget.value)}
              >
                <option value="" selected={!isOther() && machine() === null}>New device</option>
                <For each={devices.data?.rows}>
                  {(device) => (
                    <option
                      value={`=${device.hardwareId}`}
                      selected={!isOther() && machine() === device.hardwareId}
                    >
                      {deviceLabel(device)}
                      {device.isActive ? "" : " (deactivated)"}
                    </option>
                  )}
                </For>
                <option value={OTHER} selected={isOther()}>Other (enter fingerprint)</option>
              </select>
            )}
          </Field>
          <Show when={isOther()}>
            <form
              class="flex flex-wrap items-end gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                checkTyped();
              }}
            >
              <Field label="Fingerprint (hardware_hash)" class="flex-1">
                {({ id }) => (
                  <input
                    id={id}
                    class={`${inputClass} font-mono`}
                    maxlength={255}
                    value={typed()}
                    onInput={(event) => setTyped(event.currentTarget.value)}
                  />
                )}
              </Field>
              <Show when={isCompared()}>
                <Field
                  label="Components"
                  class="order-last w-full"
                  hint="Name and value of each, separated by commas, such as board:4d5e6f, disk:77dd88."
                  error={error()}
                >
                  {({ id, describedBy, isInvalid }) => (
                    <input
                      id={id}
                      class={`${inputClass} font-mono`}
                      aria-describedby={describedBy}
                      aria-invalid={isInvalid}
                      value={typedComponents()}
                      onInput={(event) => setTypedComponents(event.currentTarget.value)}
                    />
                  )}
                </Field>
              </Show>
              <Button type="submit">Check</Button>
            </form>
          </Show>
          <QueryBoundary query={result} lines={2}>
            {(result) => <Results result={result()} isNew={machine() === null} />}
          </QueryBoundary>
        </div>
        <QueryBoundary query={result} lines={5}>
          {(result) => <Checks license={props.license} hardwareId={machine()} result={result()} />}
        </QueryBoundary>
      </div>
    </Card>
  );
}

/** Components as they are typed, separated by commas; undefined: none. */
function listOf(text: string): string[] | undefined {
  const texts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  return texts.length > 0 ? texts : undefined;
}

function Results(props: { result: CheckResult; isNew: boolean }) {
  return (
    <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm" aria-live="polite">
      <ResultLine call="Verify" code={props.result.verify} isNew={props.isNew} />
      <ResultLine call="Activate" code={props.result.activate} />
      <Show when={props.result.replaces}>
        {(device) => (
          <>
            <dt class="text-muted">Replaces</dt>
            <dd>
              {device().machineName ?? device().hardwareId} (last seen {formatAgo(device().lastHeartbeat)})
            </dd>
          </>
        )}
      </Show>
      <ResultLine call="Start session" code={props.result.session} isNew={props.isNew} />
    </dl>
  );
}

function Checks(props: { license: License; hardwareId: string | null; result: CheckResult }) {
  return (
    <ol
      class="flex flex-col divide-y divide-line text-sm max-xl:border-t max-xl:border-line"
      aria-label="Checks in order"
    >
      <For each={props.result.checks}>
        {(check) => (
          <CheckLine
            check={check}
            license={props.license}
            hardwareId={props.hardwareId}
            mayActivate={isAllowed(props.result.activate)}
          />
        )}
      </For>
    </ol>
  );
}

function ResultLine(props: { call: string; code: string; isNew?: boolean }) {
  const isGood = () => isAllowed(props.code);
  // That a new machine is not activated is no error.
  const isPlain = () => props.isNew && props.code === "NOT_ACTIVATED";
  return (
    <>
      <dt class="text-muted">{props.call}</dt>
      <dd class={isPlain() ? "" : isGood() ? "text-good" : "text-bad"}>
        <span class="inline-flex items-start gap-1.5 font-medium">
          <Show when={!isPlain()} fallback={<InfoIcon class="mt-0.5 size-4 shrink-0" aria-hidden="true" />}>
            <Show when={isGood()} fallback={<AlertIcon class="mt-0.5 size-4 shrink-0" aria-hidden="true" />}>
              <GoodIcon class="mt-0.5 size-4 shrink-0" aria-hidden="true" />
            </Show>
          </Show>
          {isPlain() ? "Not activated" : describeCode(props.code)}
        </span>
        <code class="block pl-5.5 font-mono text-xs text-muted">{props.code}</code>
      </dd>
    </>
  );
}

function CheckLine(
  props: { check: Check; license: License; hardwareId: string | null; mayActivate: boolean },
) {
  // That a new machine is not activated is no error.
  const isPlain = () => props.check.name === "activated" && !props.check.passed && props.hardwareId === null;
  return (
    <li class="flex flex-col gap-2 py-1.5">
      <span class="flex items-start gap-2">
        <Show
          when={props.check.passed || isPlain()}
          fallback={<AlertIcon class="mt-0.5 size-4 shrink-0 text-bad" aria-label="Failed:" />}
        >
          <CheckIcon
            class={`mt-0.5 size-4 shrink-0 ${isPlain() ? "text-muted" : "text-good"}`}
            aria-label={isPlain() ? "As expected:" : "Passed:"}
          />
        </Show>
        <span class={props.check.passed || isPlain() ? "" : "font-medium text-bad"}>
          {describeCheck(props.check, props.license)}
        </span>
      </span>
      <Show when={!props.check.passed}>
        <ul class="flex flex-col gap-0.5 pl-6 text-muted">
          <For each={props.check.remedies}>{({ sentence }) => <li>{sentence}</li>}</For>
        </ul>
        <span class="flex flex-wrap gap-2 empty:hidden pl-6">
          <SuggestedAction
            check={props.check}
            license={props.license}
            hardwareId={props.hardwareId}
            mayActivate={props.mayActivate}
          />
        </span>
      </Show>
    </li>
  );
}
