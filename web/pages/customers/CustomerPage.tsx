// The page of one customer: key figures and details on the left; licenses, devices, users and history on the right.
import { addDays } from "../../../server/domain/calendar.ts";
import { customerChanges } from "../../../server/domain/customers/inputs.ts";
import { RecentRequests } from "../../features/api_requests/RecentRequests.tsx";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";
import { PersonalDataMenu } from "../../features/data_protection/PersonalDataMenu.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { DetailLayout } from "../../features/details/DetailLayout.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { DeviceList } from "../../features/devices/DeviceList.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { LicenseList } from "../../features/licenses/LicenseList.tsx";
import { CustomerUsage } from "../../features/meters/CustomerUsage.tsx";
import { MailList } from "../../features/mails/MailList.tsx";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { NoteFields } from "../../features/tags/NoteFields.tsx";
import { UserList } from "../../features/users/UserList.tsx";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatNumber, formatTotal, today } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { describeCustomer } from "./customer_summary.ts";
import { Duplicates } from "./Duplicates.tsx";
import { MergeMenu } from "./MergeMenu.tsx";

type Customer = Outputs["customers"]["get"];

export const CustomerPage = detailPage("customers", (customer) => <CustomerDetails customer={customer()} />, {
  replacedBy: ({ id, name }) => ({
    href: addresses.customer(id),
    message: `This customer was merged into ${name}. It can no longer be changed.`,
    linkText: `Open ${name}`,
  }),
});

function CustomerDetails(props: { customer: Customer }) {
  const { id } = props.customer;
  const stats = useApiQuery("customers", "stats", () => ({ id }));
  const expiring = useApiQuery("licenses", "list", () => ({
    customerId: id,
    state: "active" as const,
    endsBy: addDays(today(), 30),
    limit: 1,
  }));
  const devices = useApiQuery("devices", "list", () => ({ customerId: id, isActive: true, limit: 1 }));
  const users = useApiQuery("users", "list", () => ({ customerId: id, limit: 1 }));
  const newLicense = () => (
    <CreateLink
      href={withQuery(addresses.newLicense(), { customerId: id })}
      disabledReason={props.customer.deletedAt ? "Restore the customer first." : null}
    >
      New license
    </CreateLink>
  );
  return (
    <DetailLayout
      object={{ noun: "customers", ...props.customer }}
      list={{ href: addresses.customers(), title: "Customers" }}
      state={describeCustomer(props.customer, stats.data, expiring.data?.total)}
      actions={
        <>
          <PersonalDataMenu noun="customers" object={props.customer} />
          {!props.customer.deletedAt && <MergeMenu customer={props.customer} />}
          {!props.customer.deletedAt && newLicense()}
        </>
      }
      summary={[
        ["Licenses", stats.data && formatNumber(stats.data.totalLicenses)],
        ["Active licenses", stats.data && formatNumber(stats.data.activeLicenses)],
        ["Active devices", stats.data && formatNumber(stats.data.totalActivations)],
        ["Concurrent users (total)", stats.data && formatNumber(stats.data.totalUsers)],
        ["Created", <Time at={props.customer.createdAt} />],
      ]}
      aside={
        <>
          <Duplicates customer={props.customer} />
          <EditCard
            form={{
              kind: "customers",
              object: () => props.customer,
              valuesOf: ({ name, email, notes, tags }) => ({ name, email, notes, tags }),
              schema: customerChanges,
              draft: `customer/${id}`,
            }}
            deletedAt={props.customer.deletedAt}
          >
            {(form) => (
              <>
                <CustomerFields form={form} />
                <NoteFields form={form} />
              </>
            )}
          </EditCard>
          <EditCard
            title="Metadata"
            verb="Save metadata"
            form={{
              kind: "customers",
              object: () => props.customer,
              valuesOf: ({ metadata }) => ({ metadata }),
              schema: customerChanges,
              draft: `customer/${id}/metadata`,
            }}
            deletedAt={props.customer.deletedAt}
          >
            {(form) => <MetadataField form={form} />}
          </EditCard>
        </>
      }
    >
      <Tabs
        label={props.customer.name}
        tabs={[
          {
            id: "licenses",
            title: "Licenses",
            count: stats.data?.totalLicenses,
            content: () => (
              <LicenseList
                owner={{ customerId: id }}
                empty={
                  <Empty title="No licenses yet" actions={newLicense()}>
                    Create the first license and send its key.
                  </Empty>
                }
              />
            ),
          },
          {
            id: "usage",
            title: "Usage",
            count: stats.data?.meteredLicenses || null,
            content: () => <CustomerUsage customerId={id} />,
          },
          {
            id: "devices",
            title: "Devices",
            count: devices.data && formatTotal(devices.data),
            content: () => (
              <DeviceList
                owner={{ customerId: id }}
                without={["customer"]}
                empty={
                  <Empty title="No devices yet">
                    Devices appear here when they activate one of this customer's licenses.
                  </Empty>
                }
              />
            ),
          },
          {
            id: "users",
            title: "Users",
            count: users.data && formatTotal(users.data),
            content: () => (
              <UserList
                customerId={id}
                empty={
                  <Empty title="No users">
                    Users appear here when one of this customer's licenses is assigned to them. Activating
                    with a key needs no user.
                  </Empty>
                }
              />
            ),
          },
          {
            id: "emails",
            title: "Emails",
            content: () => (
              <Card flush>
                <MailList about={{ customerId: id }} email={props.customer.email} />
              </Card>
            ),
          },
          {
            id: "requests",
            title: "API requests",
            content: () => (
              <Card flush>
                <RecentRequests filter={{ customerId: id }} />
              </Card>
            ),
          },
          { id: "history", title: "History", content: () => <Timeline filter={{ customerId: id }} /> },
        ]}
      />
    </DetailLayout>
  );
}
