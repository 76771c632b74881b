// The state of a license as a sentence.
import { Match, Show, Switch } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { describeActor } from "../../features/events/event_labels.ts";
import { formatDay, formatDaysUntil, formatNumber } from "../../lib/format.ts";
import { Time } from "../../ui/Time.tsx";
import { startLabels } from "../../features/licenses/start_labels.ts";
import type { License } from "./license_actions.ts";

export function LicenseStatus(props: { license: License }) {
  // When it was disabled, and by whom, is only in the events.
  const switched = useApiQuery(
    "events",
    "list",
    () =>
      props.license.state === "inactive"
        ? { licenseId: props.license.id, type: "license.disabled", limit: 1 }
        : null,
  );
  return (
    <Switch
      fallback={
        <>
          {formatNumber(props.license.activationsInUse)} of {formatNumber(props.license.maxActivations)}{" "}
          activations used{" · "}
          {props.license.validUntil
            ? `expires ${formatDaysUntil(props.license.validUntil)}`
            : props.license.startsWith
            ? startLabels[props.license.startsWith]
            : "never expires"}
        </>
      }
    >
      <Match when={props.license.deletedAt}>
        {(at) => (
          <>
            Deleted <Time at={at()} />. Apps get “license not found”. It can be restored for 30 days.
          </>
        )}
      </Match>
      <Match when={props.license.state === "inactive"}>
        Disabled
        <Show when={switched.data?.rows[0]}>
          {(event) => (
            <>
              {" "}
              <Time at={event().occurredAt} /> by {describeActor(event())}
            </>
          )}
        </Show>
        <Show when={props.license.disabledReason}>{(reason) => <>: {reason()}</>}</Show>
      </Match>
      <Match when={props.license.state === "in_grace"}>
        Ended {formatDaysUntil(props.license.validUntil!)}, in grace until{" "}
        {formatDay(props.license.graceEnds)}
      </Match>
      <Match when={props.license.state === "expired"}>
        Expired {formatDaysUntil(props.license.validUntil!)} ({formatDay(props.license.validUntil)})
      </Match>
      <Match when={props.license.state === "not_yet_valid"}>
        Starts {formatDaysUntil(props.license.validFrom)} ({formatDay(props.license.validFrom)})
      </Match>
    </Switch>
  );
}
