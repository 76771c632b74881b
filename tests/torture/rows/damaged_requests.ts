// Malformed requests to every endpoint of the API description, each of which is answered as the description says.
import { buildPanel } from "../../../web/build.ts";
import { startWithPriority } from "../beside.ts";
import type { TortureRow } from "../row.ts";

const CASES = 10_000;
/** Two processes, each with databases of its own: one takes an hour. */
const SHARES = 2;
/** All rows together have 45 minutes. */
const TIME_OUT_MS = 42 * 60_000;

export const row: TortureRow = {
  fault: "10,000 malformed requests per endpoint, made from the API description",
  reach: "no 5xx; every answer matches its description",
  coveredBy: ["tests/fuzz/fuzz_test.ts"],
  isLong: true,
  async run() {
    await buildPanel();
    const shares = await Promise.all(Array.from({ length: SHARES }, (_, index) => fuzz(index + 1)));
    return {
      held: shares.every(({ code, result }) =>
        code === 0 && result.endsWith(": 0 faults, 0 unhandled rejections")
      ),
      figures: Object.fromEntries(shares.flatMap(({ result, problems }, index) => [
        [`share ${index + 1}`, result],
        ...problems === "" ? [] : [[`problems of share ${index + 1}`, problems]],
      ])),
    };
  },
};

/** Runs one share; its problems are everything it printed besides a line for each endpoint. */
async function fuzz(share: number): Promise<{ code: number; result: string; problems: string }> {
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
  ];
  const child = startWithPriority(15, [...args, `--share=${share}/${SHARES}`], { stdout: "piped" });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill();
  }, TIME_OUT_MS);
  const lines: string[] = [];
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    lines.push(...parts.filter((line) => line !== ""));
  }
  clearTimeout(timer);
  const { code } = await child.status;
  const finished = lines.filter((line) => /^\w+ \S+: \d+ in /.test(line));
  const others = lines.filter((line) => !finished.includes(line));
  const result = others.pop() ?? "";
  if (code !== 0 && isLate) {
    others.push(
      `Ended after ${TIME_OUT_MS / 60_000} minutes; the last of ${finished.length}: ${finished.at(-1)}`,
    );
  }
  return { code, result, problems: others.join("\n    ").slice(0, 5000) };
}
