// The list of API keys, which authenticate apps and scripts.
import { useList } from "../../features/lists/use_list.ts";
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { refresh } from "../../lib/queries.ts";
import { emptyValue, formatTotalOf } from "../../lib/format.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { BodyLogging } from "./BodyLogging.tsx";
import { NewApiKey } from "./NewApiKey.tsx";

type ApiKey = Outputs["apiKeys"]["list"]["rows"][number];

const filters: Filter[] = [
  { name: "revoked", title: "Revoked", kind: { options: [["true", "Revoked only"]] } },
];

export function ApiKeys() {
  return (
    <OwnersOnly title="API keys">
      <ApiKeyList />
    </OwnersOnly>
  );
}

function ApiKeyList() {
  const list = useList("apiKeys", { filters, exportPath: null });
  const [open, setOpen] = useAddressState({ new: undefined as string | undefined });
  const [revoking, setRevoking] = createSignal<ApiKey | null>(null);
  const columns: Column<ApiKey>[] = [
    {
      id: "name",
      title: "Name",
      isText: true,
      width: 220,
      minWidth: 140,
      cell: ({ name }) => <span title={name}>{name}</span>,
    },
    {
      id: "prefix",
      title: "Prefix",
      width: 130,
      cell: ({ prefix }) => <code class="font-mono">{prefix}…</code>,
    },
    {
      id: "product",
      title: "Product",
      isText: true,
      width: 140,
      minWidth: 90,
      cell: ({ productId, productName }) => productId === null ? "All products" : productName ?? emptyValue,
    },
    {
      id: "created",
      title: "Created",
      sort: "id",
      width: 120,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: "used",
      title: "Last used",
      width: 120,
      cell: ({ lastUsedAt }) => <Show when={lastUsedAt} fallback="Never">{(at) => <Time at={at()} />}</Show>,
    },
    {
      id: "requests",
      title: "Requests",
      width: 120,
      cell: ({ id, name }) => (
        <A
          href={withQuery(addresses.apiRequests(), { apiKeyId: id })}
          class="text-accent hover:underline"
          aria-label={`View requests of ${name}`}
        >
          View requests
        </A>
      ),
    },
    {
      id: "bodies",
      title: "Bodies",
      width: 170,
      cell: (key) => <BodyLogging apiKey={key} />,
    },
    {
      id: "state",
      title: "Status",
      width: 150,
      cell: (key) => (
        <Show
          when={key.revokedAt}
          fallback={
            <Button variant="danger" about={key.name} onClick={() => setRevoking(key)}>Revoke</Button>
          }
        >
          {(at) => (
            <span class="inline-flex items-center gap-1.5">
              <Badge tone="off">Revoked</Badge> <Time at={at()} />
            </span>
          )}
        </Show>
      ),
    },
  ];
  const add = () => (
    <Button variant="primary" onClick={() => setOpen({ new: "true" })}>
      <AddIcon /> New API key
    </Button>
  );
  return (
    <Page
      title="API keys"
      state={list.rows.data &&
        `${formatTotalOf(list.rows.data, list.input().revoked ? "revoked key" : "active key")}`}
      actions={add()}
    >
      <List
        {...list}
        one="key"
        many="API keys"
        columns={columns}
        searchedFields="name or prefix"
        empty={
          <Empty title="No API keys yet" actions={add()}>
            Apps send a key with every request in the X-API-Key header. Create one per app or script, so that
            each can be revoked separately.
          </Empty>
        }
      />
      <Show when={open.new}>
        <NewApiKey close={() => setOpen({ new: undefined })} />
      </Show>
      <Confirm
        title={`Revoke ${revoking()?.name ?? "the key"}`}
        name={revoking()?.name ?? ""}
        verb="Revoke permanently"
        isOpen={revoking() !== null}
        close={() => setRevoking(null)}
        run={async () => {
          const { id, name } = revoking()!;
          await trpc.apiKeys.revoke.mutate({ id });
          refresh("apiKeys");
          toast(`API key ${name} revoked.`);
        }}
      >
        Requests with this key are rejected within a second. A revoked key can't be restored. Give your app
        another key first.
        <Show when={revoking()?.lastUsedAt}>
          {(at) => (
            <>
              {" "}Last used <Time at={at()} />.
            </>
          )}
        </Show>
      </Confirm>
    </Page>
  );
}
