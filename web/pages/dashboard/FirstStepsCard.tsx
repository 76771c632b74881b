// The card that links to the first steps, while there is no activated license.
import { Show } from "solid-js";
import { addresses } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { onEvent } from "../../features/events/live_events.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { ArrowIcon } from "../../ui/icons.ts";

export function FirstStepsCard() {
  const steps = useApiQuery("monitoring", "firstSteps", () => undefined);
  const isNew = () => Boolean(steps.data && !(steps.data.license && steps.data.activation));
  onEvent(() => isNew() && void steps.refetch());
  const done = () => {
    const { product, plan, license, apiKey, activation, verification } = steps.data!;
    return [product, plan, license, apiKey, activation, verification].filter(Boolean).length;
  };
  return (
    <Show when={isNew()}>
      <Card title="Get started" hint={`${done()} of 6 done`}>
        <div class="flex flex-wrap items-center justify-between gap-4">
          <p class="max-w-2xl text-sm text-muted">
            Create a product, a plan, a license and an API key, then verify the license from your app. The
            guide has the commands to try and updates automatically.
          </p>
          <ButtonLink
            variant="primary"
            href={addresses.start()}
            disabledReason={missingRoleReason("manager")}
          >
            Continue setup <ArrowIcon />
          </ButtonLink>
        </div>
      </Card>
    </Show>
  );
}
