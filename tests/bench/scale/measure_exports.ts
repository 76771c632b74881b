// Exports of whole tables: when the first rows come, how fast, and how far the memory of the server grows meanwhile.
import type { RunningProgram } from "../bench_environment.ts";

export interface MeasuredExport {
  path: string;
  status: number;
  /** Until the first rows; milliseconds. */
  firstRows: number;
  megabytesPerSecond: number;
  /** How far memory was above that of the start at most; megabytes. */
  growth: number;
  /** Whether it was read to its end. */
  isWhole: boolean;
}

type MeasuredServer = Pick<RunningProgram, "url" | "memory">;

/** Exports that are read for so long; milliseconds. */
const LONGEST = 15_000;
const PATHS = ["licenses", "customers", "devices", "events"].map((table) =>
  `/api/admin/${table}/export?format=csv`
);

/**
 * Measures each export.
 *
 * @param token an administrator's
 */
export async function measureExports(server: MeasuredServer, token: string): Promise<MeasuredExport[]> {
  const measured: MeasuredExport[] = [];
  for (const path of PATHS) measured.push(await measureExport(server, path, token));
  return measured;
}

async function measureExport(server: MeasuredServer, path: string, token: string): Promise<MeasuredExport> {
  const memoryBefore = await server.memory();
  const began = performance.now();
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
  const reader = response.body!.getReader();
  let firstRows = 0;
  let bytes = 0;
  let growth = 0;
  let looked = began;
  let isWhole = false;
  while (!isWhole && performance.now() - began < LONGEST) {
    const { done, value } = await reader.read();
    isWhole = done;
    firstRows ||= performance.now() - began;
    bytes += value?.length ?? 0;
    if (performance.now() - looked < 100) continue;
    looked = performance.now();
    growth = Math.max(growth, await server.memory() - memoryBefore);
  }
  await reader.cancel();
  return {
    path,
    status: response.status,
    firstRows: Math.round(firstRows),
    megabytesPerSecond: Math.round(bytes / 1e5 / ((performance.now() - began) / 1000)) / 10,
    growth: Math.round(growth / 2 ** 20),
    isWhole,
  };
}
