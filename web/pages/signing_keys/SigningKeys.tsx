// The signing keys: the current one, and retired ones that still verify tokens.
import { createSignal, For, type JSX, Show } from "solid-js";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatInstant } from "../../lib/format.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code, CodeBlock } from "../../ui/Code.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { OutsideIcon, RefreshIcon } from "../../ui/icons.ts";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { toast } from "../../ui/Toasts.tsx";

type SigningKey = Outputs["signingKeys"]["list"][number];

/** The path of the public keys. */
const JWKS = "/.well-known/jwks.json";

export function SigningKeys() {
  return (
    <OwnersOnly title="Signing keys">
      <SigningKeyList />
    </OwnersOnly>
  );
}

function SigningKeyList() {
  const keys = useApiQuery("signingKeys", "list", () => undefined);
  const [isConfirming, setIsConfirming] = createSignal(false);
  return (
    <Page
      title="Signing keys"
      state={keys.data && `1 key signs${
        keys.data.length > 1
          ? `, ${formatCount(keys.data.length - 1, "older key", "older keys")} still verify what they signed`
          : ""
      }`}
      actions={
        <>
          <ButtonLink href={JWKS} outside>
            <OutsideIcon /> Public keys
          </ButtonLink>
          <Button
            variant="primary"
            onClick={() => setIsConfirming(true)}
          >
            <RefreshIcon /> Rotate
          </Button>
        </>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div class="flex min-w-0 flex-col gap-4">
          <QueryBoundary query={keys}>
            {(keys) => <For each={keys()}>{(key) => <OneKey key={key} />}</For>}
          </QueryBoundary>
        </div>
        <div class="flex min-w-0 flex-col gap-4">
          <Card title="What they are for">
            <div class="flex flex-col gap-3 text-sm">
              <p>
                Entitlement tokens are signed with Ed25519, so that an app can check them without a
                connection. It finds the public keys at
              </p>
              <Code text={location.origin + JWKS} label="the address of the public keys" />
              <p class="text-muted">
                Keep what you fetched there for a day at most, and fetch again when a token names a key you do
                not know.
              </p>
            </div>
          </Card>
          <Card title="History">
            <Timeline filter={{ type: "signing_key." }} />
          </Card>
        </div>
      </div>
      <Confirm
        title="Rotate the signing key"
        name="rotate"
        verb="Rotate"
        isOpen={isConfirming()}
        close={() => setIsConfirming(false)}
        run={async () => {
          await trpc.signingKeys.rotate.mutate();
          refresh("signingKeys", "events");
          toast("A new key signs from now on.");
        }}
      >
        A new key is created and used on every server within a second. The current key stops signing and its
        private key is destroyed. Tokens it signed remain valid until they expire, and its public key is
        published until the last one has expired. This cannot be undone.
      </Confirm>
    </Page>
  );
}

function OneKey(props: { key: SigningKey }) {
  return (
    <Card
      title={props.key.retiredAt ? "Older key" : "Current key"}
      actions={
        <Show when={props.key.retiredAt} fallback={<Badge tone="good">Signs</Badge>}>
          <Badge tone="off">Verifies only</Badge>
        </Show>
      }
    >
      <div class="flex min-w-0 flex-col gap-4">
        <DetailList
          items={[
            ["Key id", <Code text={props.key.kid} label="the key's id" />],
            ["Made", <Time at={props.key.createdAt} />],
            ...(props.key.retiredAt
              ? [
                ["Retired", <Time at={props.key.retiredAt} />] as [string, JSX.Element],
                ["Accepted until", formatInstant(props.key.signedUntil)] as [string, JSX.Element],
              ]
              : []),
          ]}
        />
        <details class="text-sm">
          <summary class="w-fit text-muted hover:text-ink">Public key</summary>
          <div class="mt-2">
            <CodeBlock text={JSON.stringify(props.key.publicKey, null, 2)} label="the public key" />
          </div>
        </details>
      </div>
    </Card>
  );
}
