// Measuring subjects and yardsticks in turn: requests per second, latency, and the CPU time that the program which answers
// spends on a request, which is the steadier figure on a machine with other work.
import { type Load, type LoadResult, sendLoad } from "./load_generator.ts";
import type { RunningProgram } from "./bench_environment.ts";

export interface Subject {
  name: string;
  program: Pick<RunningProgram, "cpu">;
  /** The load of so many seconds. It may prepare data, outside of what is measured. */
  prepare(seconds: number): Omit<Load, "seconds"> | Promise<Omit<Load, "seconds">>;
}

export interface Round extends LoadResult {
  /** User and system time of the program; microseconds a request. */
  cpu: number;
}

/** Sends the load of a subject for some seconds. */
export async function measure(subject: Subject, seconds: number): Promise<Round> {
  const load = await subject.prepare(seconds);
  const before = await subject.program.cpu();
  const result = await sendLoad({ ...load, seconds });
  const cpu = (await subject.program.cpu() - before) / Math.max(result.requests, 1) * 1e6;
  return { ...result, cpu };
}

/** Warms the subjects up, each as long, and measures them in turn: A B, A B, … */
export async function measureInTurn(
  subjects: Subject[],
  { rounds, seconds, warmUp }: { rounds: number; seconds: number; warmUp: number },
): Promise<Round[]> {
  const measured: Round[][] = subjects.map(() => []);
  if (warmUp > 0) { for (const subject of subjects) await measure(subject, warmUp); }
  for (let round = 0; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) measured[index].push(await measure(subject, seconds));
  }
  return measured.map(medianRound);
}

/** The median of each figure; the failed requests of all rounds. */
function medianRound(rounds: Round[]): Round {
  const of = (figure: keyof Round) => percentile(rounds.map((round) => round[figure]), 50);
  return {
    requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
    requestsPerSecond: of("requestsPerSecond"),
    p50: of("p50"),
    p99: of("p99"),
    cpu: of("cpu"),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** A percentile by the nearest rank. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)];
}
