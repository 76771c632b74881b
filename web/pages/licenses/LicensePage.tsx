// The page of one license: details on the left; the trial verification, devices, seats, resources, deliveries and
// history on the right.
import { Show } from "solid-js";
import { maskKey } from "../../../server/domain/licenses/pasted_key.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { detailPage } from "../../features/details/detail_page.tsx";
import { RecentRequests } from "../../features/api_requests/RecentRequests.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { CopyKey } from "../../features/licenses/CopyKey.tsx";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { LicenseState } from "../../features/licenses/LicenseState.tsx";
import { MailList } from "../../features/mails/MailList.tsx";
import { Card } from "../../ui/Card.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import type { License } from "./license_actions.ts";
import { DeviceDrawer } from "./DeviceDrawer.tsx";
import { LicenseActions } from "./LicenseActions.tsx";
import { LicenseDeliveries } from "./LicenseDeliveries.tsx";
import { LicenseDevices } from "./LicenseDevices.tsx";
import { LicenseDetails } from "./LicenseDetails.tsx";
import { LicenseNotes } from "./LicenseNotes.tsx";
import { LicenseResources } from "./LicenseResources.tsx";
import { LicenseSeats } from "./LicenseSeats.tsx";
import { LicenseUsage } from "./LicenseUsage.tsx";
import { DenialNotice } from "./DenialNotice.tsx";
import { LicenseStatus } from "./LicenseStatus.tsx";
import { LicenseCheck } from "./LicenseCheck.tsx";

export const LicensePage = detailPage("licenses", (license) => <LicenseContent license={license()} />, {
  isListed: true,
});

function LicenseContent(props: { license: License }) {
  const [state, setState] = useAddressState({ device: undefined as string | undefined });
  const of = () => ({ licenseId: props.license.id, limit: 1 });
  const devices = useApiQuery("devices", "list", of);
  const seats = useApiQuery("sessions", "list", of);
  const resources = useApiQuery("resources", "list", of);
  return (
    <Page
      title={maskKey(props.license.key)}
      heading={
        <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
          <LicenseKey text={props.license.key} class="break-all" />
          <CopyKey text={props.license.key} />
          <Show when={props.license.deletedAt} fallback={<LicenseState state={props.license.state} />}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.licenses(), title: "Licenses" }}
      state={<LicenseStatus license={props.license} />}
      actions={<LicenseActions license={props.license} />}
    >
      <Show when={Number(state.device) || null}>
        {(id) => <DeviceDrawer id={id()} close={() => setState({ device: undefined }, { replace: true })} />}
      </Show>
      <Show when={!props.license.deletedAt}>
        <DenialNotice license={props.license} />
      </Show>
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,23rem)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-4">
          <LicenseDetails license={props.license} />
          <LicenseNotes license={props.license} />
        </div>
        <div class="flex min-w-0 flex-col gap-4">
          <Show when={!props.license.deletedAt}>
            <LicenseCheck license={props.license} />
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
                title: "Sessions",
                count: seats.data?.total,
                content: () => <LicenseSeats license={props.license} />,
              },
              {
                id: "usage",
                title: "Usage",
                content: () => <LicenseUsage license={props.license} />,
              },
              {
                id: "resources",
                title: "Resources",
                count: resources.data?.total,
                content: () => <LicenseResources license={props.license} />,
              },
              {
                id: "deliveries",
                title: "Webhook deliveries",
                content: () => <LicenseDeliveries licenseId={props.license.id} />,
              },
              {
                id: "requests",
                title: "API requests",
                content: () => (
                  <Card flush>
                    <RecentRequests filter={{ licenseId: props.license.id }} />
                  </Card>
                ),
              },
              {
                id: "emails",
                title: "Emails",
                content: () => (
                  <Card flush>
                    <MailList about={{ licenseId: props.license.id }} />
                  </Card>
                ),
              },
              {
                id: "history",
                title: "History",
                content: () => <Timeline filter={{ licenseId: props.license.id }} />,
              },
            ]}
          />
        </div>
      </div>
    </Page>
  );
}
