// One attempt of a delivery: outcome, duration, request and response.
import { Show } from "solid-js";
import { formatNumber } from "../../lib/format.ts";
import { Badge } from "../../ui/Badge.tsx";
import { CodeBlock } from "../../ui/Code.tsx";
import { Time } from "../../ui/Time.tsx";
import { requestHead } from "./curl.ts";
import { type Attempt, isGood, meaningOf, outcomeOf } from "./webhook_labels.ts";

export function AttemptDetails(
  props: { attempt: Attempt; number: number; isOpen: boolean; body: string },
) {
  return (
    <li class="min-w-0 rounded-md border border-line">
      <details open={props.isOpen}>
        <summary class="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
          <strong class="font-medium">Attempt {props.number}</strong>
          <Badge tone={isGood(props.attempt) ? "good" : "bad"}>
            {props.attempt.status === null ? "No response" : outcomeOf(props.attempt)}
          </Badge>
          <span class="text-muted">{formatNumber(props.attempt.milliseconds)} ms</span>
          <span class="ml-auto text-xs text-muted">
            <Time at={props.attempt.attemptedAt} />
          </span>
        </summary>
        <div class="flex flex-col gap-3 border-t border-line p-3 text-sm">
          <Show when={props.attempt.error ?? meaningOf(props.attempt)}>
            {(words) => <p>{words()}</p>}
          </Show>
          <div class="flex min-w-0 flex-col gap-1">
            <h4 class="text-xs font-medium text-muted">Request</h4>
            <Show
              when={requestHead(props.attempt, props.body)}
              fallback={<p class="text-muted">Request not recorded.</p>}
            >
              {(head) => <CodeBlock text={head()} label={`the request of attempt ${props.number}`} />}
            </Show>
          </div>
          <Show when={props.attempt.status !== null}>
            <div class="flex min-w-0 flex-col gap-1">
              <h4 class="text-xs font-medium text-muted">Response</h4>
              <Show
                when={props.attempt.answer}
                fallback={<p class="text-muted">No response body.</p>}
              >
                {(answer) => <CodeBlock text={answer()} label={`the response to attempt ${props.number}`} />}
              </Show>
              <Show when={(props.attempt.answer?.length ?? 0) >= 4096}>
                <p class="text-xs text-muted">Truncated to the first 4 KB.</p>
              </Show>
            </div>
          </Show>
        </div>
      </details>
    </li>
  );
}
