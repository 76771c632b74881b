// Requests at a steady rate, whether earlier ones are answered or not, as many independent clients send them.

export interface LoadReport {
  sent: number;
  /** Answers by status; 0 for a connection that failed. */
  statuses: Record<number, number>;
  /** Milliseconds. */
  p50: number;
  p99: number;
  longest: number;
  /** The first different errors of connections and answers with a status of 500 or above. */
  failures: string[];
}

/** Whether every request was answered 200 or 201. */
export function hasNoFailure({ sent, statuses }: LoadReport): boolean {
  return sent > 0 && sent === (statuses[200] ?? 0) + (statuses[201] ?? 0);
}

/** A report as figures of a row. */
export function figuresOf(report: LoadReport): Record<string, number | string> {
  return {
    requests: report.sent,
    answers: JSON.stringify(report.statuses),
    failures: report.failures.join("\n") || "none",
    "p50 ms": report.p50,
    "p99 ms": report.p99,
    "longest ms": report.longest,
  };
}

export interface SteadyLoad {
  /** Ends the sending, waits for the answers and reports. */
  stop(): Promise<LoadReport>;
}

/**
 * Starts to send.
 *
 * @param send sends the request of this number
 */
export function startSteadyLoad(perSecond: number, send: (number: number) => Promise<Response>): SteadyLoad {
  const statuses: Record<number, number> = {};
  const times: number[] = [];
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;

  const sendOne = async (number: number) => {
    const at = performance.now();
    let status = 0;
    let text = "";
    try {
      const response = await send(number);
      text = await response.text();
      status = response.status;
    } catch (error) {
      text = error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
    }
    times.push(performance.now() - at);
    statuses[status] = (statuses[status] ?? 0) + 1;
    const failure = `${status} ${text.slice(0, 300)}`;
    if ((status === 0 || status >= 500) && failures.length < 20 && !failures.includes(failure)) {
      failures.push(failure);
    }
  };
  const timer = setInterval(() => {
    const due = (performance.now() - began) * perSecond / 1000;
    while (sent < due) {
      const one: Promise<void> = sendOne(sent++).finally(() => pending.delete(one));
      pending.add(one);
    }
  }, 5);

  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      times.sort((a, b) => a - b);
      const at = (share: number) =>
        Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
      return { sent, statuses, p50: at(0.5), p99: at(0.99), longest: at(1), failures };
    },
  };
}
