// A histogram of the Prometheus text format, version 0.0.4, that counts in plain arrays: an observation is made for every
// request, and that of prom-client looks its labels and buckets up by name each time.

export interface Series {
  observe(value: number): void;
}

export interface Histogram {
  /** The series of labels; keep what it returns. */
  series(labels: Record<string, string>): Series;
  render(): string;
}

interface Counts {
  /** Its labels as they are rendered. */
  labels: string;
  /** Observations by the first bound that they do not exceed; those beyond all bounds are the last. */
  buckets: Float64Array;
  sum: number;
}

/** @param buckets the upper bounds of the buckets, ascending */
export function createHistogram(
  { name, help, buckets }: { name: string; help: string; buckets: readonly number[] },
): Histogram {
  const all = new Map<string, Counts>();
  const bounds = [...buckets, Infinity];

  function observe(counts: Counts, value: number): void {
    let index = 0;
    while (value > bounds[index]) index++;
    counts.buckets[index]++;
    counts.sum += value;
  }

  function* linesOf({ labels, buckets, sum }: Counts): Generator<string> {
    const others = labels === "" ? "" : `,${labels}`;
    const own = labels === "" ? "" : `{${labels}}`;
    let count = 0;
    for (const [index, bound] of bounds.entries()) {
      count += buckets[index];
      yield `${name}_bucket{le="${bound === Infinity ? "+Inf" : bound}"${others}} ${count}`;
    }
    yield `${name}_sum${own} ${sum}`;
    yield `${name}_count${own} ${count}`;
  }

  return {
    series(given) {
      const labels = Object.entries(given).map(([label, value]) => `${label}="${escapeValue(value)}"`).join(
        ",",
      );
      let counts = all.get(labels);
      if (!counts) all.set(labels, counts = { labels, buckets: new Float64Array(bounds.length), sum: 0 });
      const found = counts;
      return { observe: (value) => observe(found, value) };
    },
    render() {
      const lines = [...all.values()].flatMap((counts) => [...linesOf(counts)]);
      return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines].join("\n");
    },
  };
}

function escapeValue(value: string): string {
  return value.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
