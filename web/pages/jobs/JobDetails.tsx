// The input of a job, who requested it and when.
import { ObjectLink } from "../../features/details/ObjectLink.tsx";
import type { JSX } from "solid-js";
import { formatDay, formatNumber, formatWord } from "../../lib/format.ts";
import type { Job } from "../../features/jobs/job_labels.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Time } from "../../ui/Time.tsx";

type Fact = [name: string, value: JSX.Element];

export function JobDetails(props: { job: Job }) {
  return (
    <Card title="Request">
      <DetailList
        items={[
          ...factsOf(props.job),
          ["Created by", props.job.administratorName ?? "System"],
          ["Created", <Time at={props.job.requestedAt} />],
          ["Started", <Time at={props.job.startedAt} />],
          ["Finished", <Time at={props.job.finishedAt} />],
        ]}
      />
    </Card>
  );
}

function factsOf(job: Job): Fact[] {
  switch (job.kind) {
    case "issue_licenses":
      return licenseFacts(job);
    case "apply_plan_terms":
      return planFacts(job);
    default:
      return tableFacts(job);
  }
}

function planFacts({ input }: Job): Fact[] {
  return [
    ["Plan", <ObjectLink noun="plans" id={Number(input.planId)} />],
    ["Mode", input.dryRun ? "Preview only" : "Apply"],
    ["Own values of licenses", input.overwrite ? "Replaced" : "Kept"],
  ];
}

function tableFacts({ input }: Job): Fact[] {
  return [["Mode", input.dryRun ? "Validation only" : "Import valid rows"]];
}

function licenseFacts({ input }: Job): Fact[] {
  const text = (name: string) => input[name] === undefined ? null : String(input[name]);
  return [
    ["Licenses", formatNumber(Number(input.count))],
    ["Customer", <ObjectLink noun="customers" id={Number(input.customerId)} />],
    ["Product", <ObjectLink noun="products" id={Number(input.productId)} />],
    ...(input.planId ? [["Plan", <ObjectLink noun="plans" id={Number(input.planId)} />] as Fact] : []),
    ...(text("type") ? [["Type", formatWord(text("type")!)] as Fact] : []),
    ...(text("validFrom") ? [["Starts", formatDay(text("validFrom"))] as Fact] : []),
    ...(input.validUntil === null
      ? [["Expires", "Never"] as Fact]
      : text("validUntil")
      ? [["Expires", formatDay(text("validUntil"))] as Fact]
      : []),
    ...(text("maxActivations") ? [["Activation limit", text("maxActivations")] as Fact] : []),
    ...(text("maxUsers") ? [["Concurrent users", text("maxUsers")] as Fact] : []),
  ];
}
