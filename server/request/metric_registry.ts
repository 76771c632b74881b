// Metrics in Prometheus format whose labels come from closed lists. A series is kept for every value of a label that is
// ever seen, so a value that is not in its list is counted as "other". Nothing else makes metrics.
import { Counter, Gauge, Registry } from "prom-client";
import { createHistogram, type Histogram } from "./histogram.ts";

/** The values a label can have. */
export type LabelValues = readonly string[] | ReadonlySet<string>;

/** What a value outside the list is counted as. */
export const OTHER = "other";

interface Definition<Label extends string> {
  /** latchkey_… */
  name: string;
  help: string;
  labels: Record<Label, LabelValues>;
}

type Values<Label extends string> = Record<Label, string>;

/** A metric with its labels, read when the metrics are. */
type Reader<Label extends string> = () =>
  | [labels: Values<Label>, value: number][]
  | Promise<
    [labels: Values<Label>, value: number][]
  >;

export interface MetricRegistry {
  histogram<Label extends string>(
    definition: Definition<Label> & { buckets: number[] },
  ): (labels: Values<Label>) => { observe(value: number): void };
  /** A sum that is kept elsewhere, and a value that goes up and down; both are read when the metrics are. */
  readCounter<Label extends string>(definition: Definition<Label>, read: Reader<Label>): void;
  readGauge<Label extends string>(definition: Definition<Label>, read: Reader<Label>): void;
  /** Everything, in Prometheus format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** A registry without metrics. */
export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  const histograms: Histogram[] = [];

  function describe<Label extends string>({ name, help, labels }: Definition<Label>) {
    const lists = Object.entries(labels) as [Label, LabelValues][];
    const known = lists.map(([label, values]) =>
      [label, values instanceof Set ? values : new Set(values as readonly string[])] as const
    );
    return {
      options: { name, help, labelNames: known.map(([label]) => label), registers: [registry] },
      close: (given: Values<Label>): Values<Label> =>
        Object.fromEntries(
          known.map(([label, values]) => [label, values.has(given[label]) ? given[label] : OTHER]),
        ) as Values<Label>,
    };
  }

  return {
    histogram(definition) {
      const { close } = describe(definition);
      const histogram = createHistogram(definition);
      histograms.push(histogram);
      return (labels) => histogram.series(close(labels));
    },
    readCounter(definition, read) {
      const { options, close } = describe(definition);
      new Counter({
        ...options,
        async collect() {
          const found = await read();
          this.reset();
          for (const [labels, value] of found) this.inc(close(labels), value);
        },
      });
    },
    readGauge(definition, read) {
      const { options, close } = describe(definition);
      new Gauge({
        ...options,
        async collect() {
          const found = await read();
          // What is not there any more has no value.
          this.reset();
          for (const [labels, value] of found) this.set(close(labels), value);
        },
      });
    },
    async render() {
      const others = await registry.metrics();
      return [others.trimEnd(), ...histograms.map((histogram) => histogram.render())].join("\n\n") + "\n";
    },
    contentType: registry.contentType,
  };
}
