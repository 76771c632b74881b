// The page of one plan: details and terms on the left; effects of changes and history on the right.
import { createSignal } from "solid-js";
import { ObjectLink } from "../../features/details/ObjectLink.tsx";
import { planChanges } from "../../../server/domain/plans/inputs.ts";
import { termNames } from "../../../server/domain/policy/inputs.ts";
import { MetadataField } from "../../features/metadata/MetadataField.tsx";
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { missingRoleReason } from "../../features/account/session.ts";
import { describeDeletion } from "../../features/deletion/DeleteOrRestore.tsx";
import { detailPage } from "../../features/details/detail_page.tsx";
import { DetailLayout } from "../../features/details/DetailLayout.tsx";
import { EditCard } from "../../features/details/EditCard.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { pickTerms } from "../../features/terms/pick_terms.ts";
import { LicensesLink } from "../../features/licenses/LicensesLink.tsx";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { formatDuration, formatTotalOf, formatWord } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code } from "../../ui/Code.tsx";
import { titleOfPage } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { ApplyTermsDialog } from "./ApplyTermsDialog.tsx";
import { ChangeEffects } from "./ChangeEffects.tsx";
import { PlanFields, type PlanValues } from "./PlanFields.tsx";

type Plan = Outputs["plans"]["get"];

export const PlanPage = detailPage("plans", (plan) => <PlanDetails plan={plan()} />);

function PlanDetails(props: { plan: Plan }) {
  const { id, productId } = props.plan;
  const product = useApiQuery("products", "get", () => ({ id: productId }));
  const licenses = useApiQuery("licenses", "list", () => ({ planId: id, limit: 1 }));
  const [isApplying, setIsApplying] = createSignal(false);
  return (
    <DetailLayout
      object={{ noun: "plans", ...props.plan }}
      list={{ href: addresses.plans(), title: "Plans" }}
      state={props.plan.deletedAt ? describeDeletion(props.plan.deletedAt) : product.data &&
        `${product.data.name} · ${formatWord(props.plan.licenseType)} · ${
          props.plan.duration ? formatDuration(props.plan.duration) : "never expires"
        }`}
      actions={!props.plan.deletedAt && (
        <CreateLink href={withQuery(addresses.newLicense(), { productId, planId: id })}>
          New license
        </CreateLink>
      )}
      summary={[
        ["Product", <ObjectLink noun="products" id={productId} />],
        ["Code", <Code text={props.plan.code} label="the plan code" />],
        ["Licenses", <LicensesLink filter={{ planId: id }} licenses={licenses.data} />],
        ["Created", <Time at={props.plan.createdAt} />],
      ]}
      aside={
        <EditCard
          title="Terms"
          form={{
            kind: "plans",
            object: () => props.plan,
            valuesOf: ({ code, name, licenseType, features, ...plan }): PlanValues => ({
              code,
              name,
              licenseType,
              features,
              ...pickTerms(plan),
            }),
            schema: planChanges,
            draft: `plan/${id}`,
            saved: ({ changes }) => {
              toast(`${titleOfPage()} saved.`);
              const isTerm = termNames.some((name) => changes[name] !== undefined);
              if (isTerm && licenses.data && licenses.data.total > 0) setIsApplying(true);
            },
          }}
          deletedAt={props.plan.deletedAt}
        >
          {(form) => <PlanFields form={form} />}
        </EditCard>
      }
    >
      <ChangeEffects
        licenses={licenses.data}
        apply={!props.plan.deletedAt && (
          <Button
            disabledReason={missingRoleReason("manager") ??
              (licenses.data?.total === 0 ? "The plan has no licenses." : null)}
            onClick={() => setIsApplying(true)}
          >
            Apply terms to {licenses.data ? formatTotalOf(licenses.data, "license") : "licenses"}
          </Button>
        )}
      />
      <ApplyTermsDialog plan={props.plan} isOpen={isApplying()} close={() => setIsApplying(false)} />
      <EditCard
        title="Metadata"
        verb="Save metadata"
        form={{
          kind: "plans",
          object: () => props.plan,
          valuesOf: ({ metadata }) => ({ metadata }),
          schema: planChanges,
          draft: `plan/${id}/metadata`,
        }}
        deletedAt={props.plan.deletedAt}
      >
        {(form) => <MetadataField form={form} />}
      </EditCard>
      <Card title="History">
        <Timeline filter={{ subjectKind: "plan", subjectId: id }} />
      </Card>
    </DetailLayout>
  );
}
