// The options of uPlot. Colors are read at every drawing, so that a change of the theme applies at once.
import uPlot from "uplot";
import { formatCompact } from "../../lib/format.ts";
import { shownTimeZone } from "../../lib/time_format.ts";
import { type Bucket, type ChartData, tickLabel } from "./chart.ts";

/** The current value of a CSS color variable. */
const color = (name: string) => () =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const lengths: Record<Bucket, number> = { hour: 3600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 };

/** Integer steps only: the values are counts. */
const steps = [1, 2, 5].flatMap((step) => Array.from({ length: 10 }, (_, power) => step * 10 ** power))
  .sort((a, b) => a - b);

/** Ticks at every n-th week, so that labels do not overlap. */
function weeks(plot: uPlot): number[] {
  const [starts] = plot.data;
  const step = Math.ceil((starts.length * 64) / Math.max(plot.bbox.width / devicePixelRatio, 64));
  return [...starts].filter((_, index) => index % step === 0);
}

/**
 * The options of a plot, without its size.
 *
 * @param pointed called with the index of the point under the pointer, or null
 */
export function optionsOf(
  { bucket, series }: ChartData,
  pointed: (point: number | null) => void,
): Omit<uPlot.Options, "width" | "height"> {
  const half = lengths[bucket] / 2;
  const axis: uPlot.Axis = {
    stroke: color("muted"),
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
    font: "12px ui-sans-serif, system-ui, sans-serif",
  };
  return {
    padding: [12, 20, 0, 0],
    legend: { show: false },
    tzDate: (seconds) =>
      uPlot.tzDate(new Date(seconds * 1000), bucket === "hour" ? shownTimeZone() : "Etc/UTC"),
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, fill: color("surface"), width: 2 },
    },
    scales: {
      x: { range: (_, from, to) => [from - half, to + half] },
      y: { range: (_, __, most) => [0, Math.max(4, (most ?? 0) * 1.08)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 64,
        // Ticks at the starts of the weeks; uPlot's own would be beside the bars.
        splits: bucket === "week" ? weeks : undefined,
        values: (_, ticks, __, ___, distance) =>
          ticks.map((tick) => tickLabel(new Date(tick * 1000), bucket, distance)),
      },
      { ...axis, size: 44, incrs: steps, values: (_, ticks) => ticks.map(formatCompact) },
    ],
    series: [
      {},
      ...series.map(({ title, variant, color: name }): uPlot.Series =>
        variant === "bars"
          ? {
            label: title,
            stroke: color(name),
            fill: color(name),
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars!({ size: [0.7, 40], radius: 0.1 }),
          }
          : { label: title, stroke: color(name), width: 2, points: { show: false } }
      ),
    ],
    hooks: { setCursor: [(plot) => pointed(plot.cursor.idx ?? null)] },
  };
}
