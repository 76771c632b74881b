// An error message in place of what could not be loaded or done.
import { Show } from "solid-js";
import type { ApiError } from "../lib/api_error.ts";
import { Button } from "./Button.tsx";
import { AlertIcon } from "./icons.ts";

/**
 * @param props.error only its message is shown
 * @param props.retry adds a "Try again" button
 */
export function Failure(props: { error: Pick<ApiError, "message">; retry?: () => void }) {
  return (
    <div role="alert" class="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
      <AlertIcon class="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <p class="min-w-0 flex-1 break-words">{props.error.message}</p>
      <Show when={props.retry}>
        <Button variant="quiet" onClick={() => props.retry!()}>Try again</Button>
      </Show>
    </div>
  );
}
