// Two attempts of a delivery side by side, with their differences marked.
import { For, Show } from "solid-js";
import { emptyValue, formatInstant, formatNumber } from "../../lib/format.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Field, inputClass } from "../../ui/Field.tsx";
import { type Attempt, outcomeOf } from "./webhook_labels.ts";

export function CompareAttempts(
  props: {
    attempts: Attempt[];
    /** Their ids, "12-13". */
    pair: string;
    choose(pair: string): void;
  },
) {
  const chosen = (side: 0 | 1) =>
    props.attempts.find(({ id }) => String(id) === props.pair.split("-")[side]) ??
      props.attempts.at(side - 2)!;
  const choose = (side: 0 | 1, id: string) => {
    const pair = [String(chosen(0).id), String(chosen(1).id)];
    pair[side] = id;
    props.choose(pair.join("-"));
  };
  return (
    <section class="flex flex-col gap-3 rounded-md border border-line p-3" aria-label="Comparison">
      <div class="grid grid-cols-2 gap-3">
        <For each={[0, 1] as const}>
          {(side) => (
            <Field label={side === 0 ? "First attempt" : "Second attempt"}>
              {(parts) => (
                <select
                  id={parts.id}
                  class={inputClass}
                  onChange={(event) => choose(side, event.currentTarget.value)}
                >
                  <For each={props.attempts}>
                    {(attempt, index) => (
                      <option value={attempt.id} selected={attempt.id === chosen(side).id}>
                        Attempt {index() + 1}: {outcomeOf(attempt)}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
          )}
        </For>
      </div>
      <dl class="flex flex-col gap-3 text-sm">
        <For each={linesOf(chosen(0), chosen(1))}>
          {([name, one, other]) => (
            <div class="flex flex-col gap-1">
              <dt class="flex items-center gap-2 text-xs text-muted">
                {name}
                <Show when={one !== other}>
                  <Badge tone="info">Different</Badge>
                </Show>
              </dt>
              <dd class="grid grid-cols-2 gap-3">
                <Side text={one} />
                <Side text={other} />
              </dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}

function Side(props: { text: string }) {
  return (
    <pre
      tabindex="0"
      class="max-h-60 min-w-0 overflow-auto rounded-sm bg-sunken p-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
    >{props.text}</pre>
  );
}

/** The properties that are compared. */
function linesOf(one: Attempt, other: Attempt): [name: string, one: string, other: string][] {
  const names = new Set([...Object.keys(one.headers ?? {}), ...Object.keys(other.headers ?? {})]);
  const header = ({ headers }: Attempt, name: string) =>
    headers === null ? emptyValue : name in headers ? headers[name] ?? "(hidden)" : emptyValue;
  const line = (name: string, read: (attempt: Attempt) => string) =>
    [name, read(one), read(other)] as [string, string, string];
  return [
    line("Time", ({ attemptedAt }) => formatInstant(attemptedAt)),
    line("Result", outcomeOf),
    line("Duration", ({ milliseconds }) => `${formatNumber(milliseconds)} ms`),
    line("URL", ({ url }) => url ?? emptyValue),
    ...[...names].sort().map((name) => line(`Header ${name}`, (attempt) => header(attempt, name)))
      .filter(([, first, second]) => first !== second),
    line("Response", ({ answer }) => answer || emptyValue),
  ];
}
