// The action that makes a failed check pass, as a button with an undo.
import { For, Match, Show, Switch } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatAgo, formatNumber, today } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { deactivateDevice } from "../../features/devices/device_actions.ts";
import { Button } from "../../ui/Button.tsx";
import {
  changeTerms,
  deviceLabel,
  extendLicense,
  increaseLimit,
  type License,
  registerMachine,
  setLicenseEnabled,
} from "./license_actions.ts";
import type { Check } from "./check_labels.ts";

export function SuggestedAction(
  props: {
    check: Check;
    license: License;
    /** The fingerprint of the machine that is checked, if any. */
    hardwareId: string | null;
    /** Whether the machine could be activated now. */
    mayActivate: boolean;
  },
) {
  const disabledReason = () => missingRoleReason("manager");
  const [, setState] = useAddressState({});
  return (
    <Switch>
      <Match when={props.check.name === "enabled"}>
        <Button disabledReason={disabledReason()} onClick={() => void setLicenseEnabled(props.license, true)}>
          Enable
        </Button>
      </Match>
      <Match when={props.check.name === "started"}>
        <Button
          disabledReason={disabledReason()}
          onClick={() => void changeTerms(props.license, { validFrom: today() }, "License starts today.")}
        >
          Start today
        </Button>
      </Match>
      <Match when={props.check.name === "not_expired"}>
        <For each={[["P1M", "1 month"], ["P1Y", "1 year"]] as const}>
          {([by, title]) => (
            <Button
              disabledReason={disabledReason()}
              onClick={() => void extendLicense(props.license, by)}
            >
              Extend by {title}
            </Button>
          )}
        </For>
      </Match>
      <Match when={props.check.name === "activated" && props.hardwareId}>
        {(hardwareHash) => (
          <Button
            disabledReason={disabledReason() ??
              (props.mayActivate ? null : "Resolve the other failed checks first.")}
            onClick={() =>
              void registerMachine({ licenseId: props.license.id, hardwareHash: hardwareHash() })}
          >
            Activate this device
          </Button>
        )}
      </Match>
      <Match when={props.check.name === "activation_limit"}>
        <Button disabledReason={disabledReason()} onClick={() => void increaseLimit(props.license)}>
          Add 1 activation (limit {formatNumber(props.license.maxActivations)} →{" "}
          {formatNumber(props.license.maxActivations + 1)})
        </Button>
        <DeactivateOldest license={props.license} />
      </Match>
      <Match
        when={props.check.remedies.find(({ action }) => action === "raise_new_device_limit")?.changes
          ?.maxNewMachines}
      >
        {(maxNewMachines) => (
          <Button
            disabledReason={disabledReason()}
            onClick={() =>
              void changeTerms(
                props.license,
                { maxNewMachines: maxNewMachines() },
                `License ${props.license.key}: limit of new devices is now ${
                  formatNumber(maxNewMachines())
                } in 30 days.`,
              )}
          >
            Raise new devices in 30 days to {formatNumber(maxNewMachines())}
          </Button>
        )}
      </Match>
      <Match when={props.check.name === "meter_limit" && props.check.meter}>
        {(meter) => (
          <>
            <Button
              about={`of ${meter()}`}
              disabledReason={disabledReason()}
              onClick={() => setState({ action: "terms" }, { replace: true })}
            >
              Edit limit
            </Button>
            <Button
              about={`of ${meter()}`}
              disabledReason={disabledReason()}
              onClick={() => setState({ tab: "usage", correct: meter() }, { replace: true })}
            >
              Correct use
            </Button>
          </>
        )}
      </Match>
    </Switch>
  );
}

/** Machines that are searched for the one with the oldest heartbeat. */
const MAX_DEVICES = 200;

function DeactivateOldest(props: { license: License }) {
  const devices = useApiQuery("devices", "list", () => ({
    licenseId: props.license.id,
    isActive: true,
    sort: "id" as const,
    limit: MAX_DEVICES,
  }));
  const silent = () =>
    devices.data?.rows.toSorted((a, b) =>
      Date.parse(String(a.lastHeartbeat)) - Date.parse(String(b.lastHeartbeat))
    )[0];
  return (
    <Show when={silent()}>
      {(device) => (
        <Button
          class="max-w-full"
          disabledReason={missingRoleReason("manager")}
          onClick={() => deactivateDevice(device())}
        >
          <span class="truncate">
            Deactivate {deviceLabel(device())} (last seen {formatAgo(device().lastHeartbeat)})
          </span>
        </Button>
      )}
    </Show>
  );
}
