// The rows that run one after the other while a long one runs. They are processes of a low priority: what the long row
// measures of its servers is then not the wait for a processor, and it takes about a tenth of the machine from the others.
import { fileURLToPath } from "node:url";
import type { Result } from "./row.ts";

/** Between the long rows that measure times, 0, and those that only take long, 10. */
const PRIORITY = 5;

const main = fileURLToPath(new URL("main.ts", import.meta.url));

const unfinished: Result = {
  name: "rows beside the long one",
  fault: "none",
  reach: "all of them end",
  held: false,
  figures: { error: "The process that ran them ended early." },
  seconds: 0,
};

/** Runs every row that is not long at full size. */
export async function runBeside(parts: string[]): Promise<Result[]> {
  const json = await Deno.makeTempFile({ suffix: ".json" });
  const args = ["run", "-A", "--quiet", main, ...parts, "--beside", `--json=${json}`];
  try {
    await startWithPriority(PRIORITY, args).status;
    const text = await Deno.readTextFile(json);
    // A process that was ended has written nothing: what it would have found is unknown.
    if (text === "") return [unfinished];
    return JSON.parse(text).results;
  } finally {
    await Deno.remove(json);
  }
}

/**
 * Starts Deno with a lower priority. One that a process gives itself is, on Linux, that of one of its threads.
 *
 * @param nice 0 is the usual priority, 19 the lowest
 */
export function startWithPriority(
  nice: number,
  args: string[],
  options: Deno.CommandOptions = {},
): Deno.ChildProcess {
  try {
    return new Deno.Command("nice", { ...options, args: ["-n", String(nice), Deno.execPath(), ...args] })
      .spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("There is no `nice`: late timers of the long rows may be those of a busy machine.");
    return new Deno.Command(Deno.execPath(), { ...options, args }).spawn();
  }
}
