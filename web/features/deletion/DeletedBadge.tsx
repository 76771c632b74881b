// The badge of a deleted object.
import { Show } from "solid-js";
import { Badge } from "../../ui/Badge.tsx";

/**
 * @param props.at when it was deleted; null shows nothing
 * @param props.children another word than "Deleted"
 */
export function DeletedBadge(props: { at: string | null; children?: string }) {
  return (
    <Show when={props.at}>
      <Badge tone="off">{props.children ?? "Deleted"}</Badge>
    </Show>
  );
}
