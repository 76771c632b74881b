// The first steps, from a product to the first verified license. Steps that an app or a terminal takes are detected.
import { createEffect, createSignal, type JSX, Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { GoodIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { ApiKeyStep } from "./ApiKeyStep.tsx";
import { ActivateStep } from "./ActivateStep.tsx";
import { LicenseStep } from "./LicenseStep.tsx";
import { PlanStep } from "./PlanStep.tsx";
import { ProductStep } from "./ProductStep.tsx";
import { Step } from "./Step.tsx";
import { VerifyStep } from "./VerifyStep.tsx";

type Steps = Outputs["monitoring"]["firstSteps"];
type Name = Exclude<keyof Steps, "firstLicense">;

/** The refetch interval while a step is open; milliseconds. */
const REFETCH_MS = 2000;

const order: { name: Name; title: string; content: (steps: () => Steps) => JSX.Element }[] = [
  {
    name: "product",
    title: "Create a product",

    content: () => <ProductStep />,
  },
  { name: "plan", title: "Add a plan", content: () => <PlanStep /> },
  { name: "license", title: "Create a license", content: () => <LicenseStep /> },
  {
    name: "apiKey",
    title: "Create an API key",

    content: () => <ApiKeyStep />,
  },
  {
    name: "activation",
    title: "Activate a device",

    content: (steps) => <ActivateStep steps={steps()} />,
  },
  {
    name: "verification",
    title: "Verify the license",

    content: (steps) => <VerifyStep steps={steps()} />,
  },
];

export function FirstSteps() {
  const [isWaiting, setIsWaiting] = createSignal(true);
  const steps = useApiQuery("monitoring", "firstSteps", () => undefined, {
    get refetchInterval() {
      return isWaiting() ? REFETCH_MS : undefined;
    },
  });
  createEffect(() => setIsWaiting(!steps.data?.verification));
  const doneCount = () => order.filter(({ name }) => steps.data?.[name]).length;
  return (
    <Page
      title="Get started"
      state={steps.data &&
        (doneCount() === order.length
          ? "All steps done"
          : `${doneCount()} of ${order.length} done · updates automatically`)}
    >
      <QueryBoundary query={steps} lines={6}>
        {(steps) => (
          <div class="flex max-w-3xl flex-col gap-4">
            <div aria-live="polite" class={doneCount() === order.length ? "" : "-mb-4"}>
              <Show when={doneCount() === order.length}>
                <Finished />
              </Show>
            </div>
            <ol class="flex flex-col gap-2">
              {order.map(({ name, title, content }, index) => (
                <Step
                  number={index + 1}
                  title={title}
                  isDone={steps()[name]}
                  isNext={order.find(({ name }) => !steps()[name])?.name === name}
                >
                  {content(steps)}
                </Step>
              ))}
            </ol>
          </div>
        )}
      </QueryBoundary>
    </Page>
  );
}

function Finished() {
  return (
    <Card class="animate-arrive">
      <div class="flex flex-wrap items-center gap-x-4 gap-y-3">
        <GoodIcon class="size-6 shrink-0 text-good" aria-hidden="true" />
        <p class="min-w-0 flex-1 basis-60 text-sm">
          <strong>Your first license is verified.</strong>{" "}
          Add the two calls to your app to finish the integration.
        </p>
        <div class="flex flex-wrap gap-2">
          <ButtonLink href={addresses.dashboard()} variant="primary">Go to dashboard</ButtonLink>
          <ButtonLink href="/docs" outside>API reference</ButtonLink>
        </div>
      </div>
    </Card>
  );
}
