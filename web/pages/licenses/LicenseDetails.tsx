// The details of a license: owner, product, terms and usage.
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { TermList } from "../../features/terms/TermList.tsx";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatDay, formatDuration, formatNumber, formatWord } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Time } from "../../ui/Time.tsx";
import { UsageBar } from "../../ui/UsageBar.tsx";
import { describeEnd } from "./describe_end.ts";
import type { License } from "./license_actions.ts";
import { describeEntitlements } from "../../features/terms/entitlements.ts";
import { ExpiryDate } from "../../features/licenses/ExpiryDate.tsx";

const link = "text-accent hover:underline";

export function LicenseDetails(props: { license: License }) {
  const seats = useApiQuery("sessions", "list", () => ({ licenseId: props.license.id, limit: 1 }));
  const plan = useApiQuery(
    "plans",
    "get",
    () => props.license.planId === null ? null : { id: props.license.planId },
  );
  return (
    <Card title="Details">
      <DetailList
        items={[
          [
            "Activations",
            <UsageBar used={props.license.activationsInUse} limit={props.license.maxActivations} />,
          ],
          [
            "Concurrent users",
            <Show when={seats.data} fallback={emptyValue}>
              {(page) => (
                <Show
                  when={props.license.seatScope === "machine"}
                  fallback={<UsageBar used={page().total} limit={props.license.maxUsers} />}
                >
                  {formatNumber(page().total)} in use, up to {formatNumber(props.license.maxUsers)}{" "}
                  on each device
                </Show>
              )}
            </Show>,
          ],
          [
            "Customer",
            <A href={addresses.customer(props.license.customerId)} class={link}>
              {props.license.customerName}
            </A>,
          ],
          [
            "Product",
            <A href={addresses.product(props.license.productId)} class={link}>{props.license.productName}</A>,
          ],
          [
            "Plan",
            <Show when={props.license.planId} fallback={emptyValue}>
              {(id) => <A href={addresses.plan(id())} class={link}>{props.license.planName}</A>}
            </Show>,
          ],
          ["Type", <>{formatWord(props.license.type)}</>],
          ...props.license.disableAt || props.license.enableAt
            ? [["Scheduled", <Scheduled license={props.license} />] as [string, JSX.Element]]
            : [],
          ["Starts", <>{formatDay(props.license.validFrom)}</>],
          [
            "Expires",
            <ExpiryDate license={props.license} />,
          ],
          [
            "Renewed by",
            <>{props.license.duration ? formatDuration(props.license.duration) : emptyValue}</>,
          ],
          ["After the end", describeEnd(props.license)],
          ["Other terms", <TermList terms={props.license} />],
          [
            "Features",
            <Show when={plan.data?.features.length} fallback={emptyValue}>
              <ul class="flex flex-wrap gap-1">
                <For each={plan.data!.features}>
                  {(feature) => (
                    <li class="rounded-sm bg-sunken px-1.5 font-mono text-xs leading-5">{feature}</li>
                  )}
                </For>
              </ul>
            </Show>,
          ],
          ["Entitlements", <>{describeEntitlements(props.license.entitlements)}</>],
          [
            "User",
            <Show when={props.license.userId} fallback={emptyValue}>
              {(id) => <A href={addresses.user(id())} class={link}>{props.license.userEmail}</A>}
            </Show>,
          ],
          ["Created", <Time at={props.license.createdAt} />],
        ]}
      />
    </Card>
  );
}

function Scheduled(props: { license: License }) {
  return (
    <>
      <Show when={props.license.disableAt}>
        {(at) => (
          <div>
            Disabled <Time at={at()} />
            <Show when={props.license.disableReason}>{(reason) => <>: {reason()}</>}</Show>
          </div>
        )}
      </Show>
      <Show when={props.license.enableAt}>
        {(at) => (
          <div>
            Enabled <Time at={at()} />
          </div>
        )}
      </Show>
    </>
  );
}
