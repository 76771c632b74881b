// Servers and workers in child processes whose wall clock is wrong and can be put right while they run. The databases'
// clocks are right.
import { type Program, startProgram } from "../torture/programs.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface ShiftedProgram extends Program {
  /** Shifts its wall clock; milliseconds ahead of the real time. */
  shift(milliseconds: number): Promise<void>;
}

/** Starts a server or a worker whose clock is so many milliseconds ahead. */
export async function startShifted(
  file: Parameters<typeof startProgram>[0],
  stores: { databaseUrl: string; redisUrl: string },
  milliseconds: number,
  env: Record<string, string> = {},
): Promise<ShiftedProgram> {
  const shiftFile = await Deno.makeTempFile({ prefix: "latchkey-clock-" });
  // Replaced in one step, so that the program never reads half of a number.
  const shift = async (milliseconds: number) => {
    await Deno.writeTextFile(`${shiftFile}.new`, String(milliseconds));
    await Deno.rename(`${shiftFile}.new`, shiftFile);
  };
  await shift(milliseconds);
  const program = await startProgram(file, stores.databaseUrl, stores.redisUrl, {
    env: { ...env, CLOCK_SHIFT_FILE: shiftFile },
    options: ["--preload", new URL("shift_clock.ts", import.meta.url).pathname],
  });
  return {
    ...program,
    shift,
    async stop() {
      const code = await program.stop();
      await Deno.remove(shiftFile);
      return code;
    },
  };
}
