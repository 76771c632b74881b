// A wrong wall clock for programs in child processes, which can be put right while they run. The databases' clocks are
// right.
import type { ProgramOptions } from "../torture/programs.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface WrongClock {
  /** What a program that has this clock is started with. */
  options: Required<Pick<ProgramOptions, "env" | "options">>;
  /** Puts the clock so many milliseconds ahead of the real time. */
  set(milliseconds: number): Promise<void>;
  remove(): Promise<void>;
}

/** Creates a clock that is so many milliseconds ahead. */
export async function createWrongClock(milliseconds: number): Promise<WrongClock> {
  const file = await Deno.makeTempFile({ prefix: "latchkey-clock-" });
  // Replaced in one step, so that a program never reads half of a number.
  const set = async (milliseconds: number) => {
    await Deno.writeTextFile(`${file}.new`, String(milliseconds));
    await Deno.rename(`${file}.new`, file);
  };
  await set(milliseconds);
  return {
    options: {
      env: { CLOCK_SHIFT_FILE: file },
      options: ["--preload", new URL("shift_clock.ts", import.meta.url).pathname],
    },
    set,
    remove: () => Deno.remove(file),
  };
}
