// The dialog that merges a customer into another one: which stays, what moves, and whose values are kept.
import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, createUniqueId, For, Show } from "solid-js";
import { customerSearch } from "../../features/pickers/searches.ts";
import { addresses } from "../../lib/addresses.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import { formatCount } from "../../lib/format.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { ActionDialog } from "../../ui/ActionDialog.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Picker } from "../../ui/Picker.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { toast } from "../../ui/Toasts.tsx";

export type Customer = Outputs["customers"]["get"];
type Preview = Outputs["customers"]["mergePreview"];
type TakenField = Preview["differing"][number];

const labels: Record<TakenField, string> = { name: "Name", email: "Email" };

export function MergeDialog(
  props: { customer: Customer; isOpen: boolean; intoId: number | null; close(): void },
) {
  const navigate = useNavigate();
  const [intoId, setIntoId] = createSignal<number | null>(null);
  const [taken, setTaken] = createSignal<readonly TakenField[]>([]);
  const [isBusy, setIsBusy] = createSignal(false);
  const [error, setError] = createSignal<ApiError | null>(null);
  createEffect(() => {
    if (!props.isOpen) return;
    setIntoId(props.intoId);
    setTaken([]);
    setError(null);
  });
  const preview = useApiQuery("customers", "mergePreview", () => {
    const into = intoId();
    return props.isOpen && into !== null ? { id: props.customer.id, intoId: into } : null;
  });
  const disabledReason = () => {
    if (intoId() === null) return "Select a customer first.";
    return preview.data ? preview.data.conflict : "Wait for the preview.";
  };

  async function merge(): Promise<void> {
    const shown = preview.data;
    if (!shown || disabledReason() !== null) return;
    setIsBusy(true);
    setError(null);
    try {
      const { merged, into } = shown;
      await trpc.customers.merge.mutate({
        id: merged.id,
        intoId: into.id,
        take: [...taken()],
        seen: { merged: merged.revision, into: into.revision },
      });
      toast(`${merged.name} merged into ${into.name}.`);
      navigate(addresses.customer(into.id), { replace: true });
    } catch (error) {
      setError(toApiError(error));
    } finally {
      setIsBusy(false);
      refresh();
    }
  }

  return (
    <ActionDialog
      title={`Merge ${props.customer.name} into another customer`}
      hint="Its licenses, leads, emails and history move to the customer that stays. This can't be undone."
      isOpen={props.isOpen}
      close={props.close}
      verb="Merge"
      variant="danger"
      run={merge}
      isBusy={isBusy()}
      error={error()}
      disabledReason={disabledReason()}
    >
      <Picker
        label="Customer that stays"
        search={{
          ...customerSearch,
          find: async (q) => (await customerSearch.find(q)).filter(({ id }) => id !== props.customer.id),
        }}
        value={intoId()}
        choose={(choice) => {
          setIntoId(choice?.id ?? null);
          setTaken([]);
        }}
        placeholder="Search by name or email"
      />
      <Show when={intoId() !== null}>
        <Show
          when={preview.data}
          fallback={preview.error
            ? <Failure error={toApiError(preview.error)} retry={() => void preview.refetch()} />
            : <Skeleton lines={4} />}
        >
          {(shown) => <Review preview={shown()} taken={taken()} setTaken={setTaken} />}
        </Show>
      </Show>
    </ActionDialog>
  );
}

function Review(
  props: { preview: Preview; taken: readonly TakenField[]; setTaken(fields: readonly TakenField[]): void },
) {
  const moved = () => {
    const { licenses, deletedLicenses, devices, users, leads, mails } = props.preview.moves;
    return [
      [licenses, formatCount(licenses, "license")],
      [deletedLicenses, formatCount(deletedLicenses, "deleted license")],
      [devices, formatCount(devices, "active device")],
      [users, formatCount(users, "user")],
      [leads, formatCount(leads, "lead")],
      [mails, formatCount(mails, "email")],
    ] as const;
  };
  const texts = () => moved().filter(([count]) => count > 0).map(([, text]) => text);
  return (
    <>
      <div class="text-sm">
        <p class="font-medium">Moves to {props.preview.into.name}</p>
        <p class="text-muted">
          {texts().length > 0 ? texts().join(", ") : "No licenses, leads or emails"}; tags and notes are
          added.
        </p>
      </div>
      <For each={props.preview.differing}>
        {(field) => (
          <FieldChoice
            field={field}
            preview={props.preview}
            isTaken={props.taken.includes(field)}
            choose={(takes) =>
              props.setTaken([...props.taken.filter((other) => other !== field), ...(takes ? [field] : [])])}
          />
        )}
      </For>
      <Show when={props.preview.conflict}>{(message) => <Failure error={{ message: message() }} />}</Show>
    </>
  );
}

function FieldChoice(
  props: { field: TakenField; preview: Preview; isTaken: boolean; choose(takes: boolean): void },
) {
  const group = createUniqueId();
  return (
    <fieldset class="flex min-w-0 flex-col gap-2">
      <legend class="mb-1 text-sm font-medium">{labels[props.field]}</legend>
      <For each={["into", "merged"] as const}>
        {(source) => (
          <label class="flex min-w-0 items-start gap-2 rounded-md border border-line p-2 text-sm">
            <input
              type="radio"
              name={group}
              class="mt-0.5 size-4 touch:size-6 shrink-0 accent-accent"
              checked={props.isTaken === (source === "merged")}
              onChange={() => props.choose(source === "merged")}
            />
            <span class="min-w-0">
              <span class="block text-xs text-muted">
                {source === "into" ? "Customer that stays" : "Merged customer"}
              </span>
              <span class="break-words">{props.preview[source][props.field]}</span>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
