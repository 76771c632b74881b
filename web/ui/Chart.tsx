// A chart with its span and time zone, a table of its values and a CSV download. The plot is loaded on demand.
import { useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import { downloadCsv } from "../lib/download.ts";
import { utcDay } from "../lib/format.ts";
import { lazyPart } from "../lib/load_part.ts";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { bucketTitles, type ChartData, zoneOf } from "./chart/chart.ts";
import { ChartTable } from "./chart/ChartTable.tsx";
import { ExportIcon, TableIcon } from "./icons.ts";

const Plot = lazyPart(() => import("./chart/Plot.tsx"), "Plot");

export interface ChartProps {
  title: string;
  /** "last 7 days", "next 90 days". */
  span: string;
  data: ChartData;
  /** Whether it shows the future; its table then starts with the earliest point. */
  isAhead?: boolean;
  /** The list of what a point counts; null where there is none. */
  href: ((point: number) => string) | null;
  /** Shown when all values are zero or missing. */
  emptyText?: JSX.Element;
  actions?: JSX.Element;
}

export function Chart(props: ChartProps) {
  const navigate = useNavigate();
  const [isTable, setIsTable] = createSignal(false);
  const isEmpty = () =>
    props.emptyText !== undefined && props.data.series.every(({ values }) => values.every((value) => !value));
  const rows = () => [
    ["From", ...props.data.series.map(({ title }) => title)],
    ...props.data.starts.map((start, index) => [
      props.data.bucket === "hour" ? start.toISOString() : utcDay(start),
      ...props.data.series.map(({ values }) => values[index]),
    ]),
  ];
  return (
    <Card
      title={props.title}
      hint={`${bucketTitles[props.data.bucket]} · ${props.span} · ${zoneOf(props.data.bucket)}`}
      flush
      actions={
        <>
          {props.actions}
          <Button
            variant="quiet"
            aria-pressed={isTable()}
            aria-label={`${props.title} as a table`}
            onClick={() => setIsTable(!isTable())}
          >
            <TableIcon /> Table
          </Button>
          <Button
            variant="quiet"
            aria-label={`${props.title} as a CSV file`}
            onClick={() => void downloadCsv(props.title, rows())}
          >
            <ExportIcon /> CSV
          </Button>
        </>
      }
    >
      <Show
        when={!isTable()}
        fallback={
          <ChartTable title={props.title} data={props.data} isAhead={props.isAhead} href={props.href} />
        }
      >
        <Show
          when={!isEmpty()}
          fallback={
            <p class="grid min-h-64 place-content-center px-4 text-center text-sm text-muted">
              {props.emptyText}
            </p>
          }
        >
          <Suspense fallback={<div class="m-4 h-60 animate-wait rounded-md bg-sunken" />}>
            <Plot
              title={props.title}
              data={props.data}
              choose={props.href ? (point) => navigate(props.href!(point)) : undefined}
            />
          </Suspense>
        </Show>
      </Show>
    </Card>
  );
}
