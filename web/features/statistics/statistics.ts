// Statistics for charts: one point for every hour or day of a span, including those without data.
import { createMemo, createSignal, onCleanup } from "solid-js";
import type { ChartData, Series } from "../../ui/chart/chart.ts";
import type { EventType } from "../../../server/domain/events/record.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The spans to choose from, by their names in the URL. */
export const spans = {
  "24h": { title: "24 hours", bucket: "hour", points: 24 },
  "7d": { title: "7 days", bucket: "hour", points: 7 * 24 },
  "30d": { title: "30 days", bucket: "day", points: 30 },
  "90d": { title: "90 days", bucket: "day", points: 90 },
  "1y": { title: "year", bucket: "day", points: 365 },
} as const;

export type SpanName = keyof typeof spans;

/** The span with this name, or 7 days. */
export function spanOf(name: string | undefined): SpanName {
  return name !== undefined && name in spans ? name as SpanName : "7d";
}

/** "last 7 days". */
export function formatSpan(name: SpanName): string {
  return `last ${spans[name].title}`;
}

/** A measure over time: its name in the API, its title and how it is drawn. */
export type Measure = Omit<Series, "values"> & { measure: string };

/** The page with what a chart counted within a time. */
export type Behind = (time: { since: string; until: string }) => string;

/** The events of a type. */
export function eventsOf(type: EventType): Behind {
  return (time) => withQuery(addresses.activity(), { type, ...time });
}

/** The current time in milliseconds, updated every minute. */
function createClock(): () => number {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 60_000);
  onCleanup(() => clearInterval(timer));
  return now;
}

/**
 * Loads measures over a span up to now.
 *
 * @returns the query, and `data`, which makes the data of a chart
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
  const query = useApiQuery("statistics", "read", () => ({
    measures,
    span: spans[span()].bucket,
    since: starts()[0].toISOString(),
  }), { keepPrevious: true, refetchInterval: 60_000 });

  function data(shown: Measure[]): ChartData {
    const known = new Map(
      (query.data ?? []).map(({ measure, startsAt, value }) => [
        `${measure} ${new Date(startsAt).getTime()}`,
        value,
      ]),
    );
    return {
      bucket: spans[span()].bucket,
      starts: starts(),
      series: shown.map(({ measure, ...series }) => ({
        ...series,
        // A counter without a row is 0. A state without a row is unknown.
        values: starts().map((start) =>
          known.get(`${measure} ${start.getTime()}`) ?? (series.isState ? null : 0)
        ),
      })),
    };
  }
  return { query, data };
}
