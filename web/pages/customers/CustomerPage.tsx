// One customer: facts at the left, licenses and history at the right.
import { useNavigate, useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { customerChanges } from "../../../server/domain/customers/inputs.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { refresh, useApiMutation, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatNumber, formatTotal } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { AddIcon, DeleteIcon, RestoreIcon } from "../../ui/icons.ts";
import { LicenseList } from "../../features/licenses/LicenseList.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { createDeviceQuery, DeviceList } from "../../features/devices/DeviceList.tsx";
import { UserList } from "../../features/users/UserList.tsx";
import { CustomerFields } from "../../features/customers/CustomerFields.tsx";
import { inDays, restorableUntil, stateOf } from "./customer_state.ts";

type Customer = Outputs["customers"]["get"];

export function CustomerPage() {
  const params = useParams<{ id: string }>();
  const id = () => Number(params.id);
  const customer = useApiQuery("customers", "get", () => ({ id: id() }));
  return (
    <QueryBoundary query={customer} lines={6}>
      {(customer) => <Found customer={customer()} />}
    </QueryBoundary>
  );
}

function Found(props: { customer: Customer }) {
  const navigate = useNavigate();
  const stats = useApiQuery("customers", "stats", () => ({ id: props.customer.id }));
  const ending = useApiQuery("licenses", "list", () => ({
    customerId: props.customer.id,
    state: "active" as const,
    endsBy: inDays(30),
    limit: 1,
  }));
  const devices = useApiQuery("devices", "list", () => ({
    customerId: props.customer.id,
    isActive: true,
    limit: 1,
  }));
  const users = useApiQuery("users", "list", () => ({ customerId: props.customer.id, limit: 1 }));
  const newLicense = () => (
    <ButtonLink
      href={withQuery(addresses.newLicense(), { customerId: props.customer.id })}
      variant="primary"
      disabledReason={missingRoleReason("manager") ??
        (props.customer.deletedAt ? "Restore the customer first." : null)}
    >
      <AddIcon /> New license
    </ButtonLink>
  );
  const restore = async () => {
    await trpc.customers.restore.mutate({ id: props.customer.id });
    refresh();
  };
  const isRestorable = () =>
    props.customer.deletedAt === null || restorableUntil(props.customer.deletedAt) > new Date();
  async function remove(): Promise<void> {
    const { id, name } = props.customer;
    const done = await runWithToast(
      async () => {
        await trpc.customers.delete.mutate({ id });
        refresh();
      },
      `${name} is deleted. It can be restored for 30 days.`,
      restore,
    );
    if (done) navigate(addresses.customers());
  }
  return (
    <Page
      title={props.customer.name}
      heading={
        <span class="inline-flex flex-wrap items-center gap-2">
          {props.customer.name}
          <Show when={props.customer.deletedAt}>
            <Badge tone="off">Deleted</Badge>
          </Show>
        </span>
      }
      back={{ href: addresses.customers(), title: "Customers" }}
      state={stateOf(props.customer, stats.data, ending.data?.total)}
      actions={
        <Show
          when={!props.customer.deletedAt}
          fallback={
            <Button
              variant="primary"
              disabledReason={missingRoleReason("manager") ??
                (isRestorable() ? null : "The 30 days in which it could be are over.")}
              onClick={() => void runWithToast(restore, `${props.customer.name} is restored.`)}
            >
              <RestoreIcon /> Restore
            </Button>
          }
        >
          <Button
            variant="danger"
            disabledReason={missingRoleReason("manager")}
            onClick={() => void remove()}
          >
            <DeleteIcon /> Delete
          </Button>
          {newLicense()}
        </Show>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
        <div class="flex flex-col gap-4">
          <Card title="In numbers">
            <DetailList
              items={[
                ["Licenses", stats.data && formatNumber(stats.data.totalLicenses)],
                ["Active licenses", stats.data && formatNumber(stats.data.activeLicenses)],
                ["Machines", stats.data && formatNumber(stats.data.totalActivations)],
                ["Seats sold", stats.data && formatNumber(stats.data.totalUsers)],
                ["Customer since", <Time at={props.customer.createdAt} />],
              ]}
            />
          </Card>
          <Edit customer={props.customer} />
        </div>
        <Tabs
          label={props.customer.name}
          tabs={[
            {
              id: "licenses",
              title: "Licenses",
              count: stats.data?.totalLicenses,
              content: () => (
                <LicenseList
                  filter={{ customerId: props.customer.id }}
                  empty={
                    <Empty title="No licenses yet" actions={newLicense()}>
                      Make the first one, and send its key.
                    </Empty>
                  }
                />
              ),
            },
            {
              id: "devices",
              title: "Devices",
              count: devices.data && formatTotal(devices.data),
              content: () => (
                <DeviceList
                  query={createDeviceQuery({ customerId: props.customer.id }, "devices of customer")}
                  without={["customer"]}
                  empty={
                    <Empty title="No devices yet">
                      A machine appears here the moment its app activates one of their licenses.
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
                  customerId={props.customer.id}
                  empty={
                    <Empty title="No users">
                      None of their licenses belongs to a user account. Whoever types in the key needs none.
                    </Empty>
                  }
                />
              ),
            },
            {
              id: "history",
              title: "History",
              content: () => <Timeline of={{ customerId: props.customer.id }} />,
            },
          ]}
        />
      </div>
    </Page>
  );
}

function Edit(props: { customer: Customer }) {
  const edit = useApiMutation("customers", "edit");
  const form = createForm({
    schema: customerChanges,
    start: { name: props.customer.name, email: props.customer.email },
    draft: `customer/${props.customer.id}`,
    save: (changes) => edit.run({ id: props.customer.id, changes }),
    saved: () => toast("Saved."),
  });
  return (
    <Card title="Details">
      <FormLayout
        form={form}
        verb="Save"
        disabledReason={props.customer.deletedAt
          ? "Restore it first."
          : missingRoleReason("manager") ?? (form.isDirty() ? null : "Nothing is changed.")}
      >
        <CustomerFields form={form} />
      </FormLayout>
    </Card>
  );
}
