// The licenses of a customer, the newest first.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { addresses, withQuery } from "../../addresses.ts";
import { useAnswer } from "../../lib/answers.ts";
import { formatDay, formatNumber } from "../../lib/format.ts";
import { whyNot } from "../../lib/session.ts";
import { Answered } from "../../ui/Answered.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { LicenseState } from "../../ui/LicenseState.tsx";

export function CustomerLicenses(props: { customerId: number }) {
  const licenses = useAnswer("licenses", "list", () => ({ customerId: props.customerId, limit: 50 }), {
    keep: true,
  });
  return (
    <Card flush>
      <Answered of={licenses}>
        {(page) => (
          <Show
            when={page().rows.length > 0}
            fallback={
              <Empty
                title="No licenses yet"
                actions={
                  <ButtonLink
                    look="primary"
                    href={withQuery(addresses.newLicense(), { customerId: props.customerId })}
                    why={whyNot("manager")}
                  >
                    New license
                  </ButtonLink>
                }
              >
                Make the first one, and send its key.
              </Empty>
            }
          >
            <ul class="divide-y divide-line text-sm">
              <For each={page().rows}>
                {(license) => (
                  <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
                    <A href={addresses.license(license.id)} class="font-mono hover:underline">
                      {license.key}
                    </A>
                    <LicenseState state={license.state} />
                    <span class="text-muted">{license.productName}</span>
                    <span class="ml-auto text-muted">
                      {formatNumber(license.activationsInUse)} / {formatNumber(license.maxActivations)}{" "}
                      machines
                    </span>
                    <span class="text-muted">
                      {license.validUntil ? `until ${formatDay(license.validUntil)}` : "without end"}
                    </span>
                  </li>
                )}
              </For>
            </ul>
            <Show when={page().next}>
              <p class="border-t border-line px-4 py-2 text-sm">
                <A
                  href={withQuery(addresses.licenses(), { customerId: props.customerId })}
                  class="text-accent hover:underline"
                >
                  All licenses of this customer
                </A>
              </p>
            </Show>
          </Show>
        )}
      </Answered>
    </Card>
  );
}
