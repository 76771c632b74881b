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
      state={keys.data && `1 active key${
        keys.data.length > 1
          ? ` · ${formatCount(keys.data.length - 1, "retired key", "retired keys")} for verification only`
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
          <Card title="About signing keys">
            <div class="flex flex-col gap-3 text-sm">
              <p>
                Entitlement tokens are signed with Ed25519, so that apps can verify them offline. The public
                keys are at
              </p>
              <Code text={location.origin + JWKS} label="the URL of the public keys" />
              <p class="text-muted">
                Cache them for at most one day, and fetch them again when a token has an unknown key ID.
              </p>
            </div>
          </Card>
          <Card title="History">
            <Timeline filter={{ type: "signing_key." }} />
          </Card>
        </div>
      </div>
      <Confirm
        title="Rotate signing key"
        name="rotate"
        verb="Rotate"
        isOpen={isConfirming()}
        close={() => setIsConfirming(false)}
        run={async () => {
          await trpc.signingKeys.rotate.mutate();
          refresh("signingKeys", "events");
          toast("New signing key created.");
        }}
      >
        A new key is created and used on every server within a second. The current key stops signing and its
        private key is destroyed. Tokens it signed remain valid until they expire, and its public key is
        published until the last one has expired. This can't be undone.
      </Confirm>
    </Page>
  );
}

function OneKey(props: { key: SigningKey }) {
  return (
    <Card
      title={props.key.retiredAt ? "Retired key" : "Current key"}
      actions={
        <Show when={props.key.retiredAt} fallback={<Badge tone="good">Active</Badge>}>
          <Badge tone="off">Verification only</Badge>
        </Show>
      }
    >
      <div class="flex min-w-0 flex-col gap-4">
        <DetailList
          items={[
            ["Key ID", <Code text={props.key.kid} label={`the key ID ${props.key.kid}`} />],
            ["Created", <Time at={props.key.createdAt} />],
            ...(props.key.retiredAt
              ? [
                ["Retired", <Time at={props.key.retiredAt} />] as [string, JSX.Element],
                ["Valid until", formatInstant(props.key.signedUntil)] as [string, JSX.Element],
              ]
              : []),
          ]}
        />
        <details class="text-sm">
          <summary class="w-fit text-muted hover:text-ink">
            Public key<span class="sr-only">{` ${props.key.kid}`}</span>
          </summary>
          <div class="mt-2">
            <CodeBlock
              text={JSON.stringify(props.key.publicKey, null, 2)}
              label={`the public key ${props.key.kid}`}
            />
          </div>
        </details>
      </div>
    </Card>
  );
}
