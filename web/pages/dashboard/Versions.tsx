// The app versions in use, of one product or of all. A version links to its machines.
import { Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatAgo, formatCount } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { BarList } from "./BarList.tsx";
import { Card } from "../../ui/Card.tsx";
import { Menu, menuButtonClass } from "../../ui/Menu.tsx";

/** Versions shown; the rest is counted. */
const MAX_VERSIONS = 8;

export function Versions() {
  const [state, set] = useAddressState({ product: undefined as string | undefined });
  const productId = () => Number(state.product) || undefined;
  const products = useApiQuery("products", "list", () => ({ sort: "name" as const, limit: 50 }));
  const versions = useApiQuery("statistics", "versionsInUse", () => ({ productId: productId() }), {
    keepPrevious: true,
  });
  const productName = () => products.data?.rows.find(({ id }) => id === productId())?.name ?? "All products";
  const devicesOf = (appVersion: string) =>
    withQuery(addresses.devices(), { appVersion, productId: productId(), isActive: true });
  return (
    <Card
      title="Version adoption"
      hint="By active devices"
      actions={
        <Menu
          label={`Product: ${productName()}`}
          class={menuButtonClass}
          items={[
            {
              title: "All products",
              isChosen: productId() === undefined,
              run: () => set({ product: undefined }),
            },
            ...(products.data?.rows ?? []).map(({ id, name }) => ({
              title: name,
              isChosen: id === productId(),
              run: () => set({ product: String(id) }),
            })),
          ]}
        >
          <span class="max-w-40 truncate">{productName()}</span>
        </Menu>
      }
    >
      <QueryBoundary query={versions}>
        {(answer) => {
          const hidden = () => {
            const { versions, others } = answer();
            return versions.slice(MAX_VERSIONS).reduce((sum, { machines }) => sum + machines, others);
          };
          return (
            <Show
              when={answer().versions.length > 0}
              fallback={<p class="py-6 text-center text-sm text-muted">No active devices yet.</p>}
            >
              <BarList
                bars={answer().versions.slice(0, MAX_VERSIONS).map(({ version, machines }) => ({
                  title: version ?? "Unknown",
                  value: machines,
                  href: version ? devicesOf(version) : undefined,
                }))}
              />
              <Show when={hidden() > 0 || answer().isEstimate || answer().countedAt}>
                <p class="mt-3 text-xs text-muted">
                  <Show when={hidden() > 0}>
                    {formatCount(hidden(), "device")} on other versions.
                  </Show>{" "}
                  <Show when={answer().isEstimate}>Estimated from a sample.</Show>{" "}
                  <Show when={answer().countedAt}>{(countedAt) => `Updated ${formatAgo(countedAt())}.`}</Show>
                </p>
              </Show>
            </Show>
          );
        }}
      </QueryBoundary>
    </Card>
  );
}
