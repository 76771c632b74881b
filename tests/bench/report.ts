// The figures of `deno task bench`: what is kept as JSON, and a line for each subject.
import type { Round } from "./measure.ts";

export interface Comparison {
  yardstick: string;
  round: Round;
  /** The yardstick's CPU time a request, divided by the subject's. */
  byCpu: number;
  /** The subject's requests per second, divided by the yardstick's. */
  byRate: number;
  /** Which of the two the goal is about. */
  counts: "byCpu" | "byRate";
  goal: number | null;
}

export interface MeasuredSubject {
  listener: string;
  name: string;
  round: Round;
  /** With the default limits, by requests from many addresses. */
  withDefaultLimits: Round;
  against: Comparison[];
  maxP99: number | null;
  /** What it may cost more than the first yardstick; CPU µs. */
  maxAddedCpu: number | null;
}

export interface Figures {
  at: string;
  machine: string;
  deno: string;
  load: string;
  rounds: number;
  seconds: number;
  connections: number;
  licenses: number;
  subjects: MeasuredSubject[];
  /** By listener: the memory of the server after all subjects. */
  memoryMegabytes: Record<string, number>;
  /** Answers that were compared with the database, and the first that differ. */
  answersCompared: number;
  differences: string[];
}

/** What is not as it has to be: goals that are missed, requests that failed. */
export function problemsOf(
  { listener, name, round, withDefaultLimits, against, maxP99, maxAddedCpu }: MeasuredSubject,
): string[] {
  const subject = `${name} on ${listener}`;
  const added = round.cpu - against[0].round.cpu;
  const failed = round.failed + withDefaultLimits.failed +
    against.reduce((sum, { round }) => sum + round.failed, 0);
  return [
    ...against.filter((each) => each.goal !== null && each[each.counts] < each.goal).map((each) =>
      `${subject}: ${each[each.counts].toFixed(2)} of ${each.yardstick}, goal ${each.goal}`
    ),
    ...(maxP99 !== null && round.p99 > maxP99
      ? [`${subject}: p99 ${round.p99.toFixed(1)} ms, goal ${maxP99}`]
      : []),
    ...(maxAddedCpu !== null && added > maxAddedCpu
      ? [`${subject}: ${added.toFixed(0)} µs more than ${against[0].yardstick}, goal ${maxAddedCpu}`]
      : []),
    ...(failed > 0 ? [`${subject}: ${failed} requests failed`] : []),
  ];
}

const columns = [
  ["subject", 22],
  ["req/s", 8],
  ["p99 ms", 8],
  ["CPU µs", 8],
  ["limited", 8],
  ["against", 12],
  ["req/s", 8],
  ["CPU µs", 8],
  ["by CPU", 8],
  ["by rate", 8],
  ["goal", 6],
] as const;

/** The names of the columns. "limited": CPU time with the default limits. */
export const tableHead = rowOf(columns.map(([name]) => name));

/** The lines of a subject, one for each yardstick. */
export function linesOf(
  { name, round, withDefaultLimits, against, maxAddedCpu }: MeasuredSubject,
): string[] {
  const own = [
    name,
    round.requestsPerSecond.toFixed(0),
    round.p99.toFixed(1),
    round.cpu.toFixed(0),
    withDefaultLimits.cpu.toFixed(0),
  ];
  const lines = against.map((each, index) =>
    rowOf([
      ...(index === 0 ? own : own.map(() => "")),
      each.yardstick,
      each.round.requestsPerSecond.toFixed(0),
      each.round.cpu.toFixed(0),
      each.byCpu.toFixed(2),
      each.byRate.toFixed(2),
      each.goal === null ? "" : String(each.goal),
    ]) + (each.goal !== null && each[each.counts] < each.goal ? " BELOW" : "")
  );
  if (maxAddedCpu === null) return lines;
  const added = round.cpu - against[0].round.cpu;
  const result = `${added.toFixed(0)} µs more than ${against[0].yardstick}, goal ${maxAddedCpu}`;
  return [...lines, `  ${result}${added > maxAddedCpu ? " ABOVE" : ""}`];
}

function rowOf(cells: readonly string[]): string {
  return cells.map((cell, index) => {
    const width = columns[index][1];
    return index === 0 || index === 5 ? ` ${cell.padEnd(width)}` : cell.padStart(width);
  }).join("");
}
