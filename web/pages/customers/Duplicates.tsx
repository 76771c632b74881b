// A hint that other customers are possibly the same, with what merges them.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatCount } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import type { Customer } from "./MergeDialog.tsx";

const reasons = { same_email: "Same email", similar_name: "Similar name" };

export function Duplicates(props: { customer: Customer }) {
  const found = useApiQuery(
    "customers",
    "duplicates",
    () => props.customer.deletedAt ? null : { id: props.customer.id },
  );
  return (
    <Show when={found.data?.length}>
      <Card title="Possible duplicates">
        <ul class="flex flex-col gap-3 text-sm">
          <For each={found.data}>
            {(other) => (
              <li class="min-w-0">
                <A href={addresses.customer(other.id)} class="break-words text-accent hover:underline">
                  {other.name}
                </A>
                <p class="break-words text-xs text-muted">
                  {reasons[other.reason]} · {other.email} · {formatCount(other.licenses, "license")}
                </p>
                <Show when={missingRoleReason("manager") === null}>
                  <A
                    href={withQuery(addresses.customer(other.id), {
                      action: "merge",
                      into: props.customer.id,
                    })}
                    class="text-accent hover:underline"
                    aria-label={`Merge into this customer…: ${other.name}`}
                  >
                    Merge into this customer…
                  </A>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
}
