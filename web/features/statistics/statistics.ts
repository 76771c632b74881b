// Statistics as charts want them: a chosen span, every hour or day of it there, also those in which nothing happened.
import { createMemo, createSignal, onCleanup } from "solid-js";
import type { ChartData, Series } from "../../ui/chart/chart.ts";
import { useApiQuery } from "../../lib/queries.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The spans to choose of, by their names in the address. */
export const spans = {
  "24h": { title: "24 hours", bucket: "hour", points: 24 },
  "7d": { title: "7 days", bucket: "hour", points: 7 * 24 },
  "30d": { title: "30 days", bucket: "day", points: 30 },
  "90d": { title: "90 days", bucket: "day", points: 90 },
  "1y": { title: "year", bucket: "day", points: 365 },
} as const;

export type SpanName = keyof typeof spans;

/** The span of that name; 7 days when there is none. */
export function spanOf(name: string | undefined): SpanName {
  return name !== undefined && name in spans ? name as SpanName : "7d";
}

/** "last 7 days". */
export function formatSpan(name: SpanName): string {
  return `last ${spans[name].title}`;
}

/** A number over time: what it is called there, how it is drawn. */
export type Measured = Omit<Series, "values"> & { measure: string };

/** The current instant, told again every minute. */
function createClock(): () => number {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 60_000);
  onCleanup(() => clearInterval(timer));
  return now;
}

/**
 * Asks for numbers over a span up to now.
 *
 * @returns what was answered, and `data` for each chart: the measures it shows
 */
export function useStatistics(span: () => SpanName, measures: string[]) {
  const now = createClock();
  const starts = createMemo(
    () => {
      const { bucket, points } = spans[span()];
      const length = bucket === "hour" ? HOUR : DAY;
      const last = Math.floor(now() / length) * length;
      return Array.from({ length: points }, (_, point) => new Date(last - (points - 1 - point) * length));
    },
    undefined,
    { equals: (a, b) => a.length === b.length && a[0].getTime() === b[0].getTime() },
  );
  const answer = useApiQuery("statistics", "read", () => ({
    measures,
    span: spans[span()].bucket,
    since: starts()[0].toISOString(),
  }), { keepPrevious: true, refetchInterval: 60_000 });

  function data(shown: Measured[]): ChartData {
    const known = new Map(
      (answer.data ?? []).map(({ measure, startsAt, value }) => [
        `${measure} ${new Date(startsAt).getTime()}`,
        value,
      ]),
    );
    return {
      bucket: spans[span()].bucket,
      starts: starts(),
      series: shown.map(({ measure, ...series }) => ({
        ...series,
        // Nothing noted means that nothing happened; a state that was not noted is not known.
        values: starts().map((start) =>
          known.get(`${measure} ${start.getTime()}`) ?? (series.isState ? null : 0)
        ),
      })),
    };
  }
  return { answer, data };
}
