// The dialog that asks whose values to save, where two persons changed the same field of an object.
import { createSignal, createUniqueId, For, onCleanup, Show } from "solid-js";
import type { Choice, Choices } from "../lib/changes.ts";
import { type FieldConflict, setConflictHandler } from "../lib/edits.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";

interface Question {
  conflicts: FieldConflict[];
  answer(choices: Choices | null): void;
}

export function ConflictDialog() {
  const [waiting, setWaiting] = createSignal<Question[]>([]);
  setConflictHandler((conflicts) =>
    new Promise((answer) => setWaiting((others) => [...others, { conflicts, answer }]))
  );
  onCleanup(() => setConflictHandler(() => Promise.resolve(null)));
  const settle = (question: Question, choices: Choices | null) => {
    setWaiting((others) => others.filter((other) => other !== question));
    question.answer(choices);
  };
  return (
    <Show when={waiting()[0]} keyed>
      {(question) => (
        <Dialog
          title="Someone else changed this"
          hint="While you were editing, other values were saved. Choose what to keep."
          isOpen
          close={() => settle(question, null)}
        >
          <Choosing conflicts={question.conflicts} settle={(choices) => settle(question, choices)} />
        </Dialog>
      )}
    </Show>
  );
}

function Choosing(props: { conflicts: FieldConflict[]; settle(choices: Choices | null): void }) {
  const [choices, setChoices] = createSignal<Choices>({});
  const isAnswered = () => props.conflicts.every(({ name }) => choices()[name] !== undefined);
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isAnswered()) props.settle(choices());
      }}
    >
      <For each={props.conflicts}>
        {(conflict) => (
          <FieldChoice
            conflict={conflict}
            choose={(choice) => setChoices({ ...choices(), [conflict.name]: choice })}
          />
        )}
      </For>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.settle(null)}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          disabledReason={isAnswered() ? null : "Choose a value for each field first."}
        >
          Save
        </Button>
      </div>
    </form>
  );
}

function FieldChoice(props: { conflict: FieldConflict; choose(choice: Choice): void }) {
  const group = createUniqueId();
  return (
    <fieldset class="flex min-w-0 flex-col gap-2">
      <legend class="mb-1 text-sm font-medium">{props.conflict.label}</legend>
      <For each={[["mine", "Your value"], ["current", "Saved value"]] as const}>
        {([choice, title]) => (
          <label class="flex min-w-0 items-start gap-2 rounded-md border border-line p-2 text-sm">
            <input
              type="radio"
              name={group}
              value={choice}
              class="mt-0.5 size-4 touch:size-6 shrink-0 accent-accent"
              onChange={() => props.choose(choice)}
            />
            <span class="min-w-0">
              <span class="block text-xs text-muted">{title}</span>
              <span class="break-words whitespace-pre-wrap">{props.conflict[choice]}</span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
