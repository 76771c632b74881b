// Lines and bars over time, drawn by uPlot. The values of the point under the pointer, or chosen with the arrow keys,
// are shown below.
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount } from "solid-js";
import uPlot from "uplot";
import { theme } from "../../lib/theme.ts";
import { timeFormat } from "../../lib/time_format.ts";
import { type ChartData, formatValue, pointLabel, seriesTotal } from "./chart.ts";
import { optionsOf } from "./options.ts";

const HEIGHT = 208;

export function Plot(props: { title: string; data: ChartData; choose?(point: number): void }) {
  let frame!: HTMLDivElement;
  let plot: uPlot | undefined;
  const [point, setPoint] = createSignal<number | null>(null);
  const last = () => props.data.starts.length - 1;
  // A point may vanish when the data changes.
  const shown = () => (point() !== null && point()! <= last() ? point() : null);

  const columns = (): uPlot.AlignedData => [
    props.data.starts.map((start) => start.getTime() / 1000),
    ...props.data.series.map(({ values }) => values),
  ];
  const shape = createMemo(() =>
    JSON.stringify([
      props.data.bucket,
      timeFormat(),
      props.data.series.map(({ title, variant, color }) => [title, variant, color]),
    ])
  );
  function draw(): void {
    plot?.destroy();
    plot = new uPlot(
      { ...optionsOf(props.data, setPoint), width: Math.max(frame.clientWidth, 100), height: HEIGHT },
      columns(),
      frame,
    );
  }
  const redraw = () => requestAnimationFrame(() => plot?.redraw());

  onMount(() => {
    createEffect(on(shape, draw));
    createEffect(on(columns, (data) => plot?.setData(data), { defer: true }));
    createEffect(on(theme, redraw, { defer: true }));
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    const observer = new ResizeObserver(() => {
      if (frame.clientWidth > 0) plot?.setSize({ width: frame.clientWidth, height: HEIGHT });
    });
    observer.observe(frame);
    onCleanup(() => {
      system.removeEventListener("change", redraw);
      observer.disconnect();
      plot?.destroy();
    });
  });

  function pointAt(next: number | null): void {
    const left = next === null ? -10 : plot!.valToPos(props.data.starts[next].getTime() / 1000, "x");
    plot!.setCursor({ left, top: next === null ? -10 : 0 });
  }
  function handleKeys(event: KeyboardEvent): void {
    const from = shown() ?? last();
    const leap = Math.max(1, Math.round(last() / 10));
    const steps: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - leap,
      PageUp: from + leap,
      Home: 0,
      End: last(),
    };
    if (event.key in steps) pointAt(Math.max(0, Math.min(last(), steps[event.key])));
    else if (event.key === "Enter" && props.choose && shown() !== null) props.choose(shown()!);
    else if (event.key === "Escape") pointAt(null);
    else return;
    event.preventDefault();
  }

  const name = (at: number) => pointLabel(props.data.starts[at], props.data.bucket);
  const describePoint = (at: number) =>
    `${name(at)}: ${
      props.data.series.map(({ title, values }) => `${title} ${formatValue(values[at])}`).join(", ")
    }`;
  const isSum = () => props.data.series.every(({ isState }) => !isState);
  return (
    <div class="flex flex-col gap-2 p-4">
      <div
        ref={frame}
        class={`min-h-52 min-w-0 overflow-hidden rounded-sm ${props.choose ? "cursor-pointer" : ""}`}
        role="slider"
        tabindex="0"
        aria-label={`${props.title}, point by point`}
        aria-valuemin={0}
        aria-valuemax={Math.max(last(), 0)}
        aria-valuenow={shown() ?? Math.max(last(), 0)}
        aria-valuetext={last() < 0 ? "No data" : describePoint(shown() ?? last())}
        onKeyDown={handleKeys}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && pointAt(last())}
        onBlur={() => pointAt(null)}
        onClick={() => shown() !== null && props.choose?.(shown()!)}
      />
      <p class="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs" data-chart-numbers>
        <span class="text-muted">{shown() === null ? (isSum() ? "Total" : "Latest") : name(shown()!)}</span>
        <For each={props.data.series}>
          {(series) => (
            <span class="inline-flex items-center gap-1.5">
              <span class={`${marks[series.variant]} ${fills[series.color]}`} aria-hidden="true" />
              {series.title}
              <strong class="font-semibold">
                {formatValue(shown() === null ? seriesTotal(series) : series.values[shown()!])}
              </strong>
            </span>
          )}
        </For>
      </p>
    </div>
  );
}

const marks = { line: "h-0.5 w-3 rounded-full", bars: "size-2.5 rounded-xs" } as const;
const fills = { accent: "bg-accent", good: "bg-good", warn: "bg-warn", bad: "bg-bad" } as const;
