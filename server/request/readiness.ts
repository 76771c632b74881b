// Whether this process can do its work, by named checks: what is wrong with each and since when. `/health/ready` and
// the metrics show it; readiness_checks.ts lists the checks.

export interface ReadinessCheck {
  /** As in `/health/ready` and in the metrics. */
  name: string;
  /** Whether the process is not ready without it. */
  isRequired: boolean;
  /**
   * Finds out what is wrong.
   *
   * @returns a sentence that anyone may read and that says what to do next; null: nothing is wrong
   */
  findProblem(): string | null | Promise<string | null>;
  /** What is wrong when `findProblem` throws or takes longer than a second. */
  unknown: string;
}

/** What a check found, and since when. */
export interface CheckState {
  isRequired: boolean;
  isWell: boolean;
  /** When it was first observed to be so; the start of the process at the earliest. */
  since: Date;
  problem: string | null;
}

export interface Readiness {
  /** The names of the checks. */
  names: string[];
  /** Runs the checks, each at most a second. Callers at the same time share a run. */
  check(): Promise<ReadonlyMap<string, CheckState>>;
  /** What the last run found. */
  last(): ReadonlyMap<string, CheckState>;
  close(): void;
}

/** How long a check may take, and how often the checks run when no one asks; milliseconds. */
const CHECK_WITHIN = 1000;
const INTERVAL = 5000;

/** Whether everything that is required is well. */
export function isReady(states: ReadonlyMap<string, CheckState>): boolean {
  return [...states.values()].every(({ isRequired, isWell }) => isWell || !isRequired);
}

/**
 * Runs checks regularly, so that "since" does not depend on how often someone asks.
 *
 * @param now the current time
 */
export function startReadiness(checks: ReadinessCheck[], now: () => Date): Readiness {
  let states: ReadonlyMap<string, CheckState> = new Map();
  let running: Promise<ReadonlyMap<string, CheckState>> | null = null;

  async function run({ name, isRequired, findProblem, unknown }: ReadinessCheck) {
    const problem = await inTime(async () => await findProblem(), unknown);
    const isWell = problem === null;
    const before = states.get(name);
    const since = before?.isWell === isWell ? before.since : now();
    return [name, { isRequired, isWell, since, problem }] as const;
  }

  function check(): Promise<ReadonlyMap<string, CheckState>> {
    running ??= Promise.all(checks.map(run)).then((found) => states = new Map(found)).finally(() =>
      running = null
    );
    return running;
  }

  const timer = setInterval(check, INTERVAL);
  Deno.unrefTimer(timer);
  return {
    names: checks.map(({ name }) => name),
    check,
    last: () => states,
    close: () => clearInterval(timer),
  };
}

async function inTime(find: () => Promise<string | null>, unknown: string): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => timer = setTimeout(() => resolve(unknown), CHECK_WITHIN));
  return await Promise.race([find().catch(() => unknown), late]).finally(() => clearTimeout(timer));
}
