// What meters are called and how their terms are said in a sentence.
import type { z } from "zod";
import type { MeterLevel } from "../../../server/domain/usage/inputs.ts";
import type { meter } from "../../../server/domain/policy/inputs.ts";
import { formatDay, formatNumber } from "../../lib/format.ts";

type MeterTerms = z.output<typeof meter>;

export const periodTitles: Readonly<Record<MeterTerms["period"], string>> = {
  day: "Day (UTC)",
  month: "Calendar month (UTC)",
  license: "Period of the license",
  forever: "Never resets",
};

/** The options of a filter. */
export const meterLevelTitles: [MeterLevel, string][] = [
  ["near_limit", "From 80 % of a limit"],
  ["at_limit", "From 100 % of a limit"],
  ["over_limit", "Over a limit"],
];

const periods: Readonly<Record<MeterTerms["period"], string>> = {
  day: "a day",
  month: "a month",
  license: "in each period of the license",
  forever: "in total",
};

/** "Up to 1,250 a month: 1,000 and 25 % overage." */
export function describeMeter({ limit, period, overage }: MeterTerms): string {
  const per = periods[period];
  if (overage === null) return `${formatNumber(limit)} ${per} included, any number beyond them is counted.`;
  const most = limit + Math.floor(limit * overage / 100);
  return overage === 0
    ? `Up to ${formatNumber(limit)} ${per}.`
    : `Up to ${formatNumber(most)} ${per}: ${formatNumber(limit)} and ${formatNumber(overage)} % overage.`;
}

/** The meters of a license in a line. */
export function describeMeters(meters: Record<string, MeterTerms>): string {
  const entries = Object.entries(meters);
  return entries.length === 0
    ? "None"
    : entries.map(([name, terms]) => `${name}: ${describeMeter(terms)}`).join(" ");
}

/** "Jan 1, 2026 to Jan 31, 2026"; a period that does not end: "in total". */
export function describePeriod(
  { period, startsOn, endsOn }: { period: string; startsOn: string; endsOn: string | null },
): string {
  if (period === "forever") return "in total";
  if (startsOn === endsOn) return formatDay(startsOn);
  return endsOn === null ? `since ${formatDay(startsOn)}` : `${formatDay(startsOn)} to ${formatDay(endsOn)}`;
}
