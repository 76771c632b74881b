// The chart of licenses that expire in the coming weeks. A bar links to the licenses that expire within its days.
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { formatAgo } from "../../lib/format.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Chart } from "../../ui/Chart.tsx";
import type { ChartData } from "../../ui/chart/chart.ts";
import { Menu, menuButtonClass } from "../../ui/Menu.tsx";

type Day = { day: string; licenses: number };

const choices = { "28": "Next 28 days", "84": "Next 12 weeks", "364": "Next year" } as const;

export function ExpiringLicenses() {
  const [state, set] = useAddressState({ ahead: "84" });
  const ahead = () => (state.ahead in choices ? state.ahead : "84") as keyof typeof choices;
  const expiries = useApiQuery("statistics", "expiriesAhead", () => ({ days: Number(ahead()) }), {
    keepPrevious: true,
  });
  return (
    <QueryBoundary query={expiries} lines={6}>
      {(answer) => {
        const days = () => answer().days;
        const size = () => days().length > 28 ? 7 : 1;
        return (
          <Chart
            title="Expiring licenses"
            span={`${choices[ahead()].toLowerCase()}${
              answer().countedAt ? `, counted ${formatAgo(answer().countedAt!)}` : ""
            }`}
            isAhead
            data={dataOf(days(), size())}
            href={(point) => {
              const firstDay = days()[point * size()].day;
              const lastDay = days()[Math.min((point + 1) * size(), days().length) - 1].day;
              return withQuery(addresses.licenses(), {
                state: "active",
                endsFrom: firstDay,
                endsBy: lastDay,
                sort: "validUntil",
              });
            }}
            emptyText="No licenses expire in this period."
            actions={
              <Menu
                label={`Period: ${choices[ahead()]}`}
                class={menuButtonClass}
                items={Object.entries(choices).map(([value, title]) => ({
                  title,
                  isChosen: value === ahead(),
                  run: () => set({ ahead: value }),
                }))}
              >
                {choices[ahead()]}
              </Menu>
            }
          />
        );
      }}
    </QueryBoundary>
  );
}

/** Groups days into single days or weeks. */
function dataOf(days: readonly Day[], size: 1 | 7): ChartData {
  const groups = Array.from(
    { length: Math.ceil(days.length / size) },
    (_, group) => days.slice(group * size, (group + 1) * size),
  );
  return {
    bucket: size === 1 ? "day" : "week",
    starts: groups.map(([{ day }]) => new Date(`${day}T00:00:00Z`)),
    series: [{
      title: "Licenses",
      color: "accent",
      variant: "bars",
      values: groups.map((group) => group.reduce((sum, { licenses }) => sum + licenses, 0)),
    }],
  };
}
