// Defines tests. The files of a group share one process, see group.ts, so what a file starts ends with its last test.

type Work = () => unknown;

/** What a file of tests has defined. */
export interface TestFile {
  tests: { name: string; run: Work }[];
  afterEach: Work[];
  atEnd: Work[];
}

let current: TestFile | undefined;

/** Loads a file, or runs its tests: what is defined meanwhile belongs to it. */
export function enterFile(file: TestFile | undefined): void {
  current = file;
}

/** Defines a test; its name is a sentence. Connections are shared between the tests of a file. */
export function test(name: string, run: () => void | Promise<void>): void {
  if (current) current.tests.push({ name, run });
  else Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}

/** Does something after each test of the file. */
export function afterEach(run: Work): void {
  if (current) current.afterEach.push(run);
  else Deno.test.afterEach(() => void run());
}

/**
 * Stops something after the last test of the file, unless a test has stopped it.
 *
 * @returns a function that stops it once
 */
export function stopAtEnd<T>(stop: () => Promise<T>): () => Promise<T> {
  let stopped: Promise<T> | undefined;
  const once = () => stopped ??= stop();
  current?.atEnd.push(once);
  return once;
}

const atGroupEnd: Work[] = [];

/** Stops what the files of a group share after the last of them. */
export function stopAtGroupEnd(stop: Work): void {
  atGroupEnd.push(stop);
}

/** Stops what was shared. */
export async function endGroup(): Promise<void> {
  for (const stop of atGroupEnd.splice(0)) await stop();
}

/** Polls until the result is truthy and returns it. Fails with the last value. */
export async function eventually<T>(
  read: () => Promise<T | null | undefined | false>,
  within = 5000,
): Promise<T> {
  const deadline = performance.now() + within;
  while (true) {
    const found = await read();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`Nothing within ${within} ms; last seen: ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
