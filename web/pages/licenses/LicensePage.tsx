// One license: what is done with it above, what it is and why it is refused at the left, what is on it at the right.
import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses } from "../../addresses.ts";
import { useAnswer } from "../../lib/answers.ts";
import { Answered } from "../../ui/Answered.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Copy } from "../../ui/Copy.tsx";
import { LicenseState } from "../../ui/LicenseState.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Timeline } from "../../ui/Timeline.tsx";
import type { License } from "./license_acts.ts";
import { LicenseActions } from "./LicenseActions.tsx";
import { LicenseDeliveries } from "./LicenseDeliveries.tsx";
import { LicenseDevices } from "./LicenseDevices.tsx";
import { LicenseFacts } from "./LicenseFacts.tsx";
import { LicenseResources } from "./LicenseResources.tsx";
import { LicenseSeats } from "./LicenseSeats.tsx";
import { Obstacle } from "./Obstacle.tsx";
import { Standing } from "./Standing.tsx";
import { Why } from "./Why.tsx";

export function LicensePage() {
  const params = useParams<{ id: string }>();
  const license = useAnswer("licenses", "get", () => ({ id: Number(params.id) }));
  return (
    <Answered of={license} lines={6}>
      {(license) => <Found license={license()} />}
    </Answered>
  );
}

function Found(props: { license: License }) {
  const of = () => ({ licenseId: props.license.id, limit: 1 });
  const devices = useAnswer("devices", "list", of);
  const seats = useAnswer("sessions", "list", of);
  const resources = useAnswer("resources", "list", of);
  return (
    <Page
      title={props.license.key}
      heading={
        <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span class="font-mono break-all">{props.license.key}</span>
          <Copy text={props.license.key} what="the key" />
          <Show when={props.license.deletedAt} fallback={<LicenseState state={props.license.state} />}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.licenses(), title: "Licenses" }}
      state={<Standing license={props.license} />}
      actions={<LicenseActions license={props.license} />}
    >
      <Show when={!props.license.deletedAt}>
        <Obstacle license={props.license} />
      </Show>
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,23rem)_minmax(0,1fr)]">
        <LicenseFacts license={props.license} />
        <div class="flex min-w-0 flex-col gap-4">
          <Show when={!props.license.deletedAt}>
            <Why license={props.license} />
          </Show>
          <Tabs
            label={props.license.key}
            tabs={[
              {
                id: "devices",
                title: "Devices",
                count: devices.data?.total,
                content: () => <LicenseDevices license={props.license} />,
              },
              {
                id: "seats",
                title: "Seats",
                count: seats.data?.total,
                content: () => <LicenseSeats license={props.license} />,
              },
              {
                id: "resources",
                title: "Resources",
                count: resources.data?.total,
                content: () => <LicenseResources license={props.license} />,
              },
              {
                id: "deliveries",
                title: "Deliveries",
                content: () => <LicenseDeliveries licenseId={props.license.id} />,
              },
              {
                id: "history",
                title: "History",
                content: () => <Timeline of={{ licenseId: props.license.id }} />,
              },
            ]}
          />
        </div>
      </div>
    </Page>
  );
}
