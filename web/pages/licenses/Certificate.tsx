// The certificate of a license, to print or to save as PDF: for whom it was issued, for what and on which terms. Viewers see
// the key masked.
import { Show } from "solid-js";
import { seesKeys } from "../../features/licenses/CopyKey.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { startLabels } from "../../features/licenses/start_labels.ts";
import { LicenseKey } from "../../features/licenses/LicenseKey.tsx";
import { addresses } from "../../lib/addresses.ts";
import { formatDay, formatNumber, formatWord } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { Button } from "../../ui/Button.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Page } from "../../ui/Page.tsx";
import type { License } from "./license_actions.ts";

export const Certificate = detailPage("licenses", (license) => <CertificateOf license={license()} />);

function CertificateOf(props: { license: License }) {
  const customer = useApiQuery("customers", "get", () => ({ id: props.license.customerId }));
  const plan = useApiQuery(
    "plans",
    "get",
    () => props.license.planId === null ? null : { id: props.license.planId },
  );
  const terms = (): Detail[] => [
    ["License key", <LicenseKey text={props.license.key} class="break-all" />],
    ["Product", props.license.productName],
    ...(props.license.planName ? [["Plan", props.license.planName] as Detail] : []),
    ["License type", formatWord(props.license.type)],
    ["Starts", formatDay(props.license.validFrom)],
    [
      "Expires",
      props.license.validUntil
        ? formatDay(props.license.validUntil)
        : props.license.startsWith
        ? formatWord(startLabels[props.license.startsWith])
        : "Never expires",
    ],
    ["Activation limit", formatNumber(props.license.maxActivations)],
    ["Concurrent users", formatNumber(props.license.maxUsers)],
    ...(plan.data?.features.length ? [["Features", plan.data.features.join(", ")] as Detail] : []),
    ["License number", String(props.license.id)],
    ["Issued on", formatDay(props.license.createdAt)],
  ];
  return (
    <Page
      title="License certificate"
      back={{ href: addresses.license(props.license.id), title: "License" }}
      actions={
        <Button
          variant="primary"
          disabledReason={props.license.deletedAt ? "The license is deleted." : null}
          onClick={() => print()}
        >
          Print or save as PDF
        </Button>
      }
    >
      <article
        aria-label="Certificate"
        class="flex w-full max-w-2xl flex-col gap-6 rounded-lg border border-line bg-surface p-8 print:border-0 print:p-0"
      >
        <div>
          <p class="text-sm text-muted">This certifies that</p>
          <p class="text-lg font-semibold break-words">{props.license.customerName}</p>
          <Show when={customer.data?.email}>{(email) => <p class="text-sm break-words">{email()}</p>}</Show>
          <p class="mt-2 text-sm text-muted">
            holds a license for {props.license.productName} on these terms.
          </p>
        </div>
        <DetailList items={terms()} />
        <Show when={!seesKeys()}>
          <p class="text-xs text-muted print:hidden">
            The key is masked, because your role is viewer. Managers and owners print it whole.
          </p>
        </Show>
      </article>
    </Page>
  );
}
