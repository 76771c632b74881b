// How an API request was answered: the status, and the code of its rejection.
import { Show } from "solid-js";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { AlertIcon } from "../../ui/icons.ts";

export type ApiRequest = Outputs["apiRequests"]["list"]["rows"][number];

export function RequestOutcome(props: { request: Pick<ApiRequest, "status" | "code"> }) {
  const isRejected = () => props.request.code !== null || props.request.status >= 400;
  const tone = () => props.request.status >= 500 ? "bad" : isRejected() ? "warn" : "good";
  return (
    <span class="inline-flex max-w-full min-w-0 items-center gap-1.5">
      <Badge tone={tone()} icon={tone() === "warn" ? AlertIcon : undefined}>
        {String(props.request.status)}
      </Badge>
      <Show when={props.request.code}>
        {(code) => <code class="truncate font-mono text-xs" title={code()}>{code()}</code>}
      </Show>
    </span>
  );
}
