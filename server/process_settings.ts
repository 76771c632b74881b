// What the parent of several servers takes from the environment. Imports nothing: the checks of `config.ts` need libraries
// that the parent would keep in memory for as long as it runs. A server has checked both when the parent uses them.

export interface ProcessSettings {
  /** Server processes; NaN where it is no number. */
  processes: number;
  /** Milliseconds a server has to stop. */
  drainTime: number;
}

/** Reads PROCESSES and DRAIN_TIME_MS as `config.ts` does. */
export function readProcessSettings(): ProcessSettings {
  return {
    processes: Number(Deno.env.get("PROCESSES") || 1),
    drainTime: Number(Deno.env.get("DRAIN_TIME_MS") || DEFAULT_DRAIN_TIME),
  };
}

/** Milliseconds. */
export const DEFAULT_DRAIN_TIME = 25_000;
