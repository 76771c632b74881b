// The signing keys: the default ones and those of products, each with the retired ones that still verify what they signed.
import { createSignal, For, type JSX, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatInstant } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Badge } from "../../ui/Badge.tsx";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code, CodeBlock } from "../../ui/Code.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { AddIcon, OutsideIcon, RefreshIcon } from "../../ui/icons.ts";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { AnnounceDialog } from "./AnnounceDialog.tsx";
import { NewProductKey } from "./NewProductKey.tsx";
import { RetireDialog } from "./RetireDialog.tsx";
import { RotateDialog } from "./RotateDialog.tsx";
import type { SigningKey } from "./signing_key.ts";

/** The paths of the public keys. */
const JWKS = "/.well-known/jwks.json";
const jwksOf = (product: string) => `/.well-known/jwks/${product}.json`;

export function SigningKeys() {
  return (
    <OwnersOnly title="Signing keys">
      <SigningKeyList />
    </OwnersOnly>
  );
}

function SigningKeyList() {
  const keys = useApiQuery("signingKeys", "list", () => undefined);
  const [rotating, setRotating] = createSignal<SigningKey | null>(null);
  const [announcing, setAnnouncing] = createSignal<SigningKey | null>(null);
  const [retiring, setRetiring] = createSignal<SigningKey | null>(null);
  const [isCreating, setIsCreating] = createSignal(false);
  const current = () =>
    keys.data?.find(({ productId, isAnnounced, retiredAt }) =>
      productId === null && !isAnnounced && !retiredAt
    );
  return (
    <Page
      title="Signing keys"
      state={keys.data && describeKeys(keys.data)}
      actions={
        <>
          <ButtonLink href={JWKS} outside>
            <OutsideIcon /> Public keys
          </ButtonLink>
          <Button onClick={() => setIsCreating(true)}>
            <AddIcon /> New product key
          </Button>
          <Button
            variant="primary"
            onClick={() => setRotating(current() ?? null)}
          >
            <RefreshIcon /> Rotate
          </Button>
        </>
      }
    >
      <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div class="flex min-w-0 flex-col gap-4">
          <QueryBoundary query={keys}>
            {(keys) => (
              <For each={keys()}>
                {(key) => (
                  <OneKey
                    key={key}
                    hasNext={keys().some(({ productId, isAnnounced }) =>
                      isAnnounced && productId === key.productId
                    )}
                    announce={setAnnouncing}
                    rotate={setRotating}
                    retire={setRetiring}
                  />
                )}
              </For>
            )}
          </QueryBoundary>
        </div>
        <div class="flex min-w-0 flex-col gap-4">
          <Card title="About signing keys">
            <div class="flex flex-col gap-3 text-sm">
              <p>
                Entitlement tokens, validation results and license files are signed with Ed25519, so that apps
                can verify them offline. The public keys for entitlement tokens are at
              </p>
              <Code text={location.origin + JWKS} label="the URL of the public keys" />
              <p>The public keys for validation results and license files of a product are at</p>
              <Code text={location.origin + jwksOf("CODE")} label="the URL of a product's public keys" />
              <p class="text-muted">
                Cache them for at most one day, and fetch them again when a token has an unknown key ID. The
                default key signs for products without a key of their own.
              </p>
            </div>
          </Card>
          <Card title="History">
            <Timeline filter={{ type: "signing_key." }} />
          </Card>
        </div>
      </div>
      <AnnounceDialog key={announcing()} close={() => setAnnouncing(null)} />
      <RotateDialog key={rotating()} close={() => setRotating(null)} />
      <RetireDialog key={retiring()} close={() => setRetiring(null)} />
      <Show when={isCreating()}>
        <NewProductKey close={() => setIsCreating(false)} />
      </Show>
    </Page>
  );
}

function describeKeys(keys: SigningKey[]): string {
  const active = keys.filter(({ isAnnounced, retiredAt }) => !isAnnounced && !retiredAt).length;
  const announced = keys.filter(({ isAnnounced }) => isAnnounced).length;
  const retired = keys.length - active - announced;
  return formatCount(active, "active key", "active keys") +
    (announced > 0 ? ` · ${announced} announced` : "") + (
      retired > 0 ? ` · ${formatCount(retired, "retired key", "retired keys")} for verification only` : ""
    );
}

function titleOf({ productCode, isAnnounced, retiredAt }: SigningKey): string {
  const state = isAnnounced ? "Next" : retiredAt ? "Retired" : "Current";
  return productCode === null ? `${state} default key` : `${state} key of ${productCode}`;
}

function OneKey(
  props: {
    key: SigningKey;
    /** Whether the next key is announced. */
    hasNext: boolean;
    announce(key: SigningKey): void;
    rotate(key: SigningKey): void;
    retire(key: SigningKey): void;
  },
) {
  const isCurrent = () => !props.key.isAnnounced && !props.key.retiredAt;
  const isOfProduct = () => props.key.productCode !== null && isCurrent();
  return (
    <Card
      title={titleOf(props.key)}
      actions={
        <>
          <Show when={isOfProduct()}>
            <Button
              variant="quiet"
              about={`the key of ${props.key.productCode}`}
              onClick={() => props.rotate(props.key)}
            >
              Rotate
            </Button>
            <Button
              variant="quiet"
              about={`the key of ${props.key.productCode}`}
              onClick={() => props.retire(props.key)}
            >
              Retire
            </Button>
          </Show>
          <Show when={isCurrent() && !props.hasNext}>
            <Button
              variant="quiet"
              about={props.key.productCode === null
                ? "the next default key"
                : `the next key of ${props.key.productCode}`}
              onClick={() => props.announce(props.key)}
            >
              Announce next
            </Button>
          </Show>
          <Show when={!props.key.isAnnounced} fallback={<Badge tone="info">Announced</Badge>}>
            <Show when={props.key.retiredAt} fallback={<Badge tone="good">Active</Badge>}>
              <Badge tone="off">Verification only</Badge>
            </Show>
          </Show>
        </>
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
              text={JSON.stringify({ ...props.key.publicKey, kid: props.key.kid }, null, 2)}
              label={`the public key ${props.key.kid}`}
            />
          </div>
        </details>
      </div>
    </Card>
  );
}
