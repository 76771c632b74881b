// A row of torture: a fault or a load, what has to hold meanwhile, and the run that finds out with real processes.

/** "short" is for the suite: a few seconds. */
export type Size = "full" | "short";

export interface Outcome {
  held: boolean;
  /** What was counted and measured; a name with its unit, "p99 ms". */
  figures: Record<string, number | string>;
}

/** What is printed and kept of a row. */
export interface Result extends Outcome {
  name: string;
  fault: string;
  reach: string;
  seconds: number;
}

export interface TortureRow {
  fault: string;
  reach: string;
  /** Test files that keep this promise in the suite, where there is no short form. */
  coveredBy?: string[];
  /**
   * When it runs at full size; by default in turn with the others. "alone": it measures milliseconds, so it runs before the
   * long ones begin. "long": it takes half an hour, beside all that follow. "last": it takes every processor for minutes,
   * so it begins when the rows that measure times have ended.
   */
  when?: "alone" | "long" | "last";
  /** Starts a system of its own, disturbs it, and stops it. */
  run(size: Size): Promise<Outcome>;
}

/** Every row, by the name of its file. */
export async function listRows(part = ""): Promise<Map<string, TortureRow>> {
  const folder = new URL("./rows/", import.meta.url);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".ts"));
  const rows = new Map<string, TortureRow>();
  for (const file of names.sort()) {
    const name = file.replace(/\.ts$/, "");
    if (name.includes(part)) rows.set(name, (await import(new URL(file, folder).href)).row);
  }
  return rows;
}
