// The plans a product is sold under.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";

export function ProductPlans(props: { productId: number; disabledReason?: string | null }) {
  const plans = useApiQuery(
    "plans",
    "list",
    () => ({ productId: props.productId, sort: "name" as const, limit: 50 }),
    {
      keepPrevious: true,
    },
  );
  const add = () => (
    <ButtonLink
      href={withQuery(addresses.newPlan(), { productId: props.productId })}
      disabledReason={missingRoleReason("manager") ?? props.disabledReason}
    >
      <AddIcon /> New plan
    </ButtonLink>
  );
  return (
    <Card title="Plans" hint="What a license of this product allows, and for how long." actions={add()} flush>
      <QueryBoundary query={plans}>
        {(page) => (
          <>
            <ul class="divide-y divide-line text-sm">
              <For
                each={page().rows}
                fallback={
                  <li>
                    <Empty title="No plans yet">
                      Make one for every way you sell it: a trial of a week, a subscription, a perpetual
                      license.
                    </Empty>
                  </li>
                }
              >
                {(plan) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <A
                      href={addresses.plan(plan.id)}
                      class="min-w-0 font-medium break-words hover:underline sm:w-36"
                    >
                      {plan.name}
                    </A>
                    <code class="min-w-0 font-mono break-all text-muted sm:w-32">{plan.code}</code>
                    <span class="text-muted">{formatDuration(plan.duration)}</span>
                    <span class="text-muted sm:ml-auto sm:w-24 sm:text-right">
                      {formatCount(plan.maxActivations, "machine")}
                    </span>
                    <span class="text-muted sm:w-20 sm:text-right">{formatCount(plan.maxUsers, "user")}</span>
                    <span class="text-muted sm:w-24 sm:text-right">
                      {formatCount(plan.licenses, "license")}
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <Show when={page().next}>
              <p class="border-t border-line px-4 py-2 text-sm">
                <A
                  href={withQuery(addresses.plans(), { productId: props.productId })}
                  class="text-accent hover:underline"
                >
                  All plans of this product
                </A>
              </p>
            </Show>
          </>
        )}
      </QueryBoundary>
    </Card>
  );
}
