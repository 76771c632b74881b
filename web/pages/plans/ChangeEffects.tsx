// Explains what a change of a plan affects: some terms are copied into licenses, others are read from the plan.
import { For, type JSX, Show } from "solid-js";
import { formatTotal } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";

export function ChangeEffects(
  props: { licenses: { total: number; totalIsMore: boolean } | undefined; apply?: JSX.Element },
) {
  const those = () => {
    const { licenses } = props;
    if (!licenses || licenses.total === 0) return "existing licenses";
    return licenses.total === 1 && !licenses.totalIsMore
      ? "1 existing license"
      : `${formatTotal(licenses)} existing licenses`;
  };
  const rules = (): [what: string, reach: string][] => [
    [
      "Features",
      `Applies immediately to ${those()}.`,
    ],
    [
      "Code",
      `Apps with ${those()} get the new code. Entitlement tokens with the old code are rejected; apps fetch new ones.`,
    ],
    [
      "Terms",
      `Apply to new licenses. ${capital(those())} keep their own until you apply the plan's terms to them.`,
    ],
    ["Type", "Applies to new licenses only."],
    ["Name", "Internal only."],
    [
      "Deleting this plan",
      `No new licenses can use it, including trials. For ${those()} nothing changes: they keep their terms and features. The code cannot be reused. The plan can be restored for 30 days.`,
    ],
  ];
  return (
    <Card title="Impact of changes">
      <dl class="grid gap-x-4 gap-y-3 text-sm sm:grid-cols-[10rem_minmax(0,1fr)] sm:gap-y-2">
        <For each={rules()}>
          {([what, reach]) => (
            <div class="contents">
              <dt class="font-medium">{what}</dt>
              <dd class="min-w-0 text-muted max-sm:-mt-2">{reach}</dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={props.apply}>
        <div class="mt-4">{props.apply}</div>
      </Show>
    </Card>
  );
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
