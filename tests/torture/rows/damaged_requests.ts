// Malformed requests to every endpoint of the API description, each of which is answered as the description says.
import { buildPanel } from "../../../web/build.ts";
import { followFuzz } from "../../fuzz/progress.ts";
import { startWithPriority } from "../beside.ts";
import type { TortureRow } from "../row.ts";

const CASES = 10_000;
/** Processes, each with databases of its own: one takes an hour. */
const SHARES = 3;
/** All rows together have 45 minutes, and those before it take 17. */
const TIME_OUT_MS = 28 * 60_000;
/** It waits a minute for each answer, so that a longer silence is a loop that does not stop. */
const SILENCE_MS = 10 * 60_000;

export const row: TortureRow = {
  fault: "10,000 malformed requests per endpoint, made from the API description",
  reach: "no 5xx; every answer matches its description",
  coveredBy: ["tests/fuzz/fuzz_test.ts"],
  when: "last",
  async run() {
    await buildPanel();
    const shares = await Promise.all(Array.from({ length: SHARES }, (_, index) => fuzz(index + 1)));
    return {
      held: shares.every(({ held }) => held),
      figures: Object.assign({}, ...shares.map(({ figures }) => figures)),
    };
  },
};

/** Runs one share. Its problems are everything it printed besides a line for each endpoint. */
async function fuzz(share: number): Promise<{ held: boolean; figures: Record<string, string | number> }> {
  // Names of endpoints have a path in them, those of procedures have not.
  const args = [
    "run",
    "-A",
    "--quiet",
    "--no-check",
    "tests/support/fuzz_main.ts",
    String(CASES),
    "torture",
    "/",
    "--follow",
    `--share=${share}/${SHARES}`,
  ];
  const child = startWithPriority(10, args, { stdout: "piped" });
  const { requests, finished, last, others, timeOut } = await followFuzz(child.stdout, {
    silence: SILENCE_MS,
    total: TIME_OUT_MS,
    // `nice` becomes the program it starts, so this ends the fuzz; its databases end with it.
    end: () => child.kill("SIGKILL"),
    progress: (line) => console.log(`damaged_requests, share ${share}: ${line}`),
  });
  const { code } = await child.status;
  const problems = others.join("\n    ").slice(0, 5000);
  return {
    held: code === 0 && timeOut === null && last.endsWith(": 0 faults, 0 unhandled rejections"),
    figures: {
      [`share ${share}`]: `${finished} targets, ${requests} requests: ${last}`,
      ...timeOut === null ? {} : { [`time-out of share ${share}`]: timeOut },
      ...problems === "" ? {} : { [`problems of share ${share}`]: problems },
    },
  };
}
