// How far a fuzz is, in lines that another process follows: one that hangs can say nothing any more, so the process that
// started it ends it and names what it was calling.
import type { Target } from "./targets.ts";

/** Requests of a target between two lines. */
export const REPORT_EVERY = 100;

/** A target begins, or has been sent so many requests. */
export function progressLine({ name }: Pick<Target, "name">, sent: number): string {
  return `${name} has been sent ${sent}`;
}

/** What is known of a fuzz that ran, or runs, in another process. */
export interface Followed {
  requests: number;
  finished: number;
  /** Its last line: the summary, if it has ended. */
  last: string;
  /** What it printed besides the lines of targets and the last one: faults in full, errors of its own. */
  others: string[];
  /** Why it was ended, with the targets that were being called. */
  timeOut: string | null;
}

/**
 * Follows the lines of `deno task fuzz`.
 *
 * @param options.silence milliseconds without a line after which it counts as hanging
 * @param options.total milliseconds it may take altogether
 * @param options.end ends the process
 * @param options.progress is told now and then, in a sentence
 */
export async function followFuzz(
  output: ReadableStream<Uint8Array<ArrayBuffer>>,
  { silence, total, end, progress }: {
    silence: number;
    total: number;
    end: () => void;
    progress: (line: string) => void;
  },
): Promise<Followed> {
  const followed: Followed = { requests: 0, finished: 0, last: "", others: [], timeOut: null };
  /** Requests of the targets that are being called. */
  const running = new Map<string, number>();
  let hasBegun = false;
  const describe = () =>
    [...running].map(([name, sent]) => `${name} after ${sent} requests`).join(", ") ||
    `no target; last line: ${followed.last || "none"}`;
  const giveUp = (problem: string) => {
    followed.timeOut ??= `${problem}; being called: ${describe()}`;
    end();
  };
  const overdue = setTimeout(() => giveUp(`not done within ${Math.round(total / 1000)} s`), total);
  let silent: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(silent);
    silent = setTimeout(() => giveUp(`no progress for ${Math.round(silence / 1000)} s`), silence);
  };
  const take = (line: string) => {
    listen();
    if (line === "") return;
    const under = /^(.+) has been sent (\d+)$/.exec(line);
    if (under) {
      const [, name, sent] = under;
      followed.requests += Number(sent) - (running.get(name) ?? 0);
      running.set(name, Number(sent));
      if (!hasBegun) followed.last = "";
      hasBegun = true;
      return;
    }
    const done = /^(.+): (\d+) in [\d.]+ s \(/.exec(line);
    if (!done) {
      // What is printed before the first target is about the start of the databases.
      if (hasBegun && followed.last !== "") followed.others.push(followed.last);
      followed.last = line;
    } else if (running.has(done[1])) {
      followed.requests += Number(done[2]) - running.get(done[1])!;
      running.delete(done[1]);
      if (++followed.finished % 10 === 0) {
        progress(`${followed.finished} targets done, ${followed.requests} requests; now ${describe()}`);
      }
    }
    if (/\d FAULTS$|^Unhandled rejection/.test(line)) progress(line);
  };
  listen();
  try {
    let rest = "";
    for await (const piece of output.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines) take(line);
    }
    take(rest);
  } finally {
    clearTimeout(silent);
    clearTimeout(overdue);
  }
  return followed;
}
