// Explains what a change of a plan affects: some terms are copied into licenses, others are read from the plan.
import { For } from "solid-js";
import { formatTotal } from "../../lib/format.ts";
import { Card } from "../../ui/Card.tsx";

export function ChangeEffects(props: { licenses: { total: number; totalIsMore: boolean } | undefined }) {
  const those = () => {
    const { licenses } = props;
    if (!licenses || licenses.total === 0) return "licenses that are under it";
    return licenses.total === 1 && !licenses.totalIsMore
      ? "the one license under it"
      : `the ${formatTotal(licenses)} licenses under it`;
  };
  const rules = (): [what: string, reach: string][] => [
    [
      "Features",
      `Reach ${those()} at once: apps are told the new ones when they next ask.`,
    ],
    [
      "Code",
      `Is what apps of ${those()} are told from now on. Entitlement tokens that name the old code are refused here; apps fetch new ones.`,
    ],
    [
      "Type, duration, machines, users",
      `Count for licenses made from now on. For ${those()} they stay as they are; change those in the list of licenses.`,
    ],
    ["Name", "Internal only."],
    [
      "Deleting the plan",
      `Nothing new is sold under it, trials included. For ${those()} nothing changes: they keep their terms and its features. Its code stays taken, and it can be restored for 30 days.`,
    ],
  ];
  return (
    <Card title="What a change reaches">
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
    </Card>
  );
}
