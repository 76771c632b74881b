// The plans of a product, on its page.
import { A } from "@solidjs/router";
import { addresses } from "../../lib/addresses.ts";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Empty } from "../../ui/Empty.tsx";
import { RelatedList } from "./RelatedList.tsx";

/** @param props.disabledReason why no plan can be created */
export function ProductPlans(props: { productId: number; disabledReason?: string | null }) {
  const plans = useApiQuery(
    "plans",
    "list",
    () => ({ productId: props.productId, sort: "name" as const, limit: 50 }),
    { keepPrevious: true },
  );
  return (
    <RelatedList
      title="Plans"
      hint="The terms this product is sold under."
      productId={props.productId}
      query={plans}
      create={{
        href: addresses.newPlan(),
        title: "New plan",
        disabledReason: props.disabledReason,
      }}
      all={{ href: addresses.plans(), title: "View all plans" }}
      empty={
        <Empty title="No plans yet">
          Create one for each way you sell it, such as a trial, a subscription or a perpetual license.
        </Empty>
      }
    >
      {(plan) => (
        <div class="flex flex-wrap items-center gap-x-4 gap-y-1">
          <A
            href={addresses.plan(plan.id)}
            class="min-w-0 font-medium break-words hover:underline sm:w-36"
          >
            {plan.name}
          </A>
          <code class="min-w-0 font-mono break-all text-muted sm:w-32">{plan.code}</code>
          <span class="text-muted">{formatDuration(plan.duration)}</span>
          <span class="text-muted sm:ml-auto sm:w-24 sm:text-right">
            {formatCount(plan.maxActivations, "device")}
          </span>
          <span class="text-muted sm:w-20 sm:text-right">{formatCount(plan.maxUsers, "user")}</span>
          <span class="text-muted sm:w-24 sm:text-right">{formatCount(plan.licenses, "license")}</span>
        </div>
      )}
    </RelatedList>
  );
}
