// Malformed requests to every endpoint of the API description, each of which is answered as the description says.
import { startWithPriority } from "../beside.ts";
import type { TortureRow } from "../row.ts";

const CASES = 10_000;

export const row: TortureRow = {
  fault: "10,000 malformed requests per endpoint, made from the API description",
  reach: "no 5xx; every answer matches its description",
  coveredBy: ["tests/fuzz/fuzz_test.ts"],
  isLong: true,
  async run() {
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
    const { code, stdout } = await startWithPriority(19, args, { stdout: "piped" }).output();
    const result = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
    return { held: code === 0 && result.endsWith(": 0 faults, 0 unhandled rejections"), figures: { result } };
  },
};
