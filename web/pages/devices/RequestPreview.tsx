// What the request of an app would do: the license, the device, what is used of the activation limit, or why it is refused.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { deviceName } from "../../features/devices/device_actions.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatNumber } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Code } from "../../ui/Code.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Time } from "../../ui/Time.tsx";

type Preview = Outputs["licenseFiles"]["preview"];

const states = {
  active: "Active already",
  deactivated: "Deactivated; would be activated again",
  new: "New device",
};

export function RequestPreview(props: { preview: Preview }) {
  const license = useApiQuery("licenses", "get", () => ({ id: props.preview.licenseId }));
  const device = () => props.preview.device;
  const used = () => {
    if (!license.data) return emptyValue;
    const { activationsInUse, maxActivations } = license.data;
    const more = device().state === "active"
      ? "no more"
      : props.preview.replaced
      ? "that of another"
      : "1 more";
    return `${formatNumber(activationsInUse)} of ${
      formatNumber(maxActivations)
    } in use, this device needs ${more}`;
  };
  const details = (): Detail[] => [
    [
      "License",
      <A href={addresses.license(props.preview.licenseId)} class="hover:underline">
        <LicenseKey text={props.preview.licenseKey} />
      </A>,
    ],
    [
      "Customer",
      <A href={addresses.customer(props.preview.customerId)} class="hover:underline">
        {props.preview.customerName}
      </A>,
    ],
    ["Product", props.preview.productName],
    ["Plan", props.preview.planName ?? emptyValue],
    ["Device", deviceName({ machineName: device().machineName, hardwareId: device().hardwareHash })],
    ["Fingerprint", <Code text={device().hardwareHash} label="the fingerprint" short />],
    ["Status", states[device().state]],
    ["Activations", used()],
    ["Requested", <Time at={props.preview.createdAt} />],
    ["License file", props.preview.isEncrypted ? "Encrypted for this device" : "Not encrypted"],
    ["Ends", <Time at={props.preview.expiresAt} />],
  ];
  return (
    <>
      <DetailList items={details()} />
      <Show when={props.preview.isOverLimit}>
        <p class="text-sm">The device is over the activation limit, which the license admits.</p>
      </Show>
      <Show when={props.preview.replaced}>
        {(replaced) => (
          <p class="text-sm">
            {deviceName(replaced())} will be deactivated, because the license is full and this device is idle.
          </p>
        )}
      </Show>
      <Show when={props.preview.refusal}>
        {(refusal) => (
          <Failure
            error={refusal().code === "OFFLINE_NOT_ALLOWED"
              ? {
                message:
                  "This license does not allow use without a connection. Set “Days without a connection” in its terms.",
              }
              : refusal()}
          />
        )}
      </Show>
    </>
  );
}
