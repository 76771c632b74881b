// The selected rows and their actions. The selection can be extended from this page to all matching rows, and reduced to the
// rows that are shown, because it survives paging and filtering.
import { createSignal, type JSX, Show } from "solid-js";
import { formatNumber, formatTotal } from "../../lib/format.ts";
import { Button } from "../Button.tsx";
import { toast, toastError } from "../Toasts.tsx";
import type { PageOfRows, Selection } from "./list.ts";

export function SelectionBar(
  props: {
    one: string;
    many: string;
    selection: Selection;
    page: PageOfRows<{ id: number }> | undefined;
    matching?(): Promise<{ ids: number[]; isMore: boolean }>;
    children?: JSX.Element;
  },
) {
  const [isBusy, setIsBusy] = createSignal(false);
  const shown = () => (props.page?.rows ?? []).map(({ id }) => id).filter((id) => props.selection.has(id));
  const hiddenCount = () => props.page ? props.selection.size() - shown().length : 0;
  const areMore = () => {
    const { page, selection } = props;
    return page && props.matching && (page.totalIsMore || page.total > selection.size()) &&
      page.rows.every(({ id }) => selection.has(id));
  };
  async function chooseAll(): Promise<void> {
    setIsBusy(true);
    try {
      const { ids, isMore } = await props.matching!();
      props.selection.set(ids, true);
      if (isMore) {
        toast(`First ${formatNumber(ids.length)} selected (limit).`);
      }
    } catch (error) {
      toastError(error);
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <div
      class="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-2 text-sm"
      role="region"
      aria-label="Selected rows"
    >
      <span role="status">
        <strong class="font-medium">
          {formatNumber(props.selection.size())} selected
        </strong>
        <Show when={hiddenCount() > 0}>{` · ${formatNumber(hiddenCount())} not on this page`}</Show>
      </span>
      <Show when={areMore()}>
        <Button variant="quiet" isBusy={isBusy()} onClick={() => void chooseAll()}>
          Select all {formatTotal(props.page!)} matching {props.many}
        </Button>
      </Show>
      <Show when={hiddenCount() > 0 && shown().length > 0}>
        <Button
          variant="quiet"
          onClick={() => {
            const ids = shown();
            props.selection.clear();
            props.selection.set(ids, true);
          }}
        >
          Keep only this page
        </Button>
      </Show>
      <Button variant="quiet" onClick={() => props.selection.clear()}>Clear selection</Button>
      <div class="ml-auto flex flex-wrap gap-2">{props.children}</div>
    </div>
  );
}
