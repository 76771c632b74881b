// What became of a mail: queued, retried, sent, failed or cancelled, and why.
import { Match, Show, Switch } from "solid-js";
import type { Outputs } from "../../lib/trpc.ts";
import { Badge, type Tone } from "../../ui/Badge.tsx";
import { Time } from "../../ui/Time.tsx";

export type Mail = Outputs["mails"]["list"][number];

const labels: Record<Mail["state"], [Tone, string]> = {
  queued: ["info", "Queued"],
  retrying: ["warn", "Retrying"],
  sent: ["good", "Sent"],
  failed: ["bad", "Failed"],
  cancelled: ["off", "Cancelled"],
};

export function MailState(props: { mail: Mail }) {
  return (
    <span class="inline-flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
      <Badge tone={labels[props.mail.state][0]}>{labels[props.mail.state][1]}</Badge>
      <Switch>
        <Match when={["sent", "failed", "cancelled"].includes(props.mail.state)}>
          <Time at={props.mail.at} />
        </Match>
        <Match when={props.mail.state === "retrying"}>
          <span>
            attempt {props.mail.attempts}, next <Time at={props.mail.at} />
          </span>
        </Match>
      </Switch>
      <Show when={props.mail.reason}>
        <span
          class="min-w-0 break-words"
          classList={{ "text-bad": props.mail.state !== "cancelled" }}
        >
          {props.mail.reason}
        </span>
      </Show>
    </span>
  );
}
