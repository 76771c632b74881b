// Runs several files of tests in one process, one after the other: a process that has loaded the server's modules once
// runs the next file's tests a second sooner. A file is a test of Deno's, and its tests are the steps.
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { endGroup, enterFile, type TestFile } from "./test.ts";

/**
 * Defines the files of a group.
 *
 * @param paths of files, from the root of the repository
 * @param filter part of the names of the tests to run, or a regular expression between slashes
 */
export function runGroup(paths: string[], filter: string | null): void {
  const isWanted = matcherOf(filter);
  Deno.test.afterAll(endGroup);
  for (const path of paths) {
    Deno.test({
      name: path,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: (steps) => runFile(steps, path, isWanted),
    });
  }
}

async function runFile(
  steps: Deno.TestContext,
  path: string,
  isWanted: (name: string) => boolean,
): Promise<void> {
  const file: TestFile = { tests: [], afterEach: [], atEnd: [] };
  const uncaught: unknown[] = [];
  const keep = (event: PromiseRejectionEvent | ErrorEvent) => {
    event.preventDefault();
    uncaught.push("reason" in event ? event.reason : event.error);
  };
  const listen = (name: "unhandledrejection" | "error") => {
    addEventListener(name, keep as EventListener);
    return () => removeEventListener(name, keep as EventListener);
  };
  const ends = [listen("unhandledrejection"), listen("error")];
  enterFile(file);
  const step = (name: string, fn: () => unknown) =>
    steps.step({ name, fn: async () => void await fn(), sanitizeOps: false, sanitizeResources: false });
  const failStep = (name: string, error: unknown) =>
    step(name, () => {
      throw error;
    });

  try {
    await import(pathToFileURL(resolve(path)).href);
    for (const { name, run } of file.tests.filter(({ name }) => isWanted(name))) {
      await step(name, async () => {
        try {
          await run();
        } finally {
          for (const after of file.afterEach) await after();
        }
      });
    }
  } catch (error) {
    await failStep("the file is loaded", error);
  }
  // What was started last may use what was started first.
  for (const stop of file.atEnd.toReversed()) {
    try {
      await stop();
    } catch (error) {
      uncaught.push(error);
    }
  }
  enterFile(undefined);
  // Rejections without a handler are told of when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve));
  for (const end of ends) end();
  for (const error of uncaught) await failStep("nothing is thrown outside of the tests", error);
}

function matcherOf(filter: string | null): (name: string) => boolean {
  if (filter === null) return () => true;
  const expression = filter.match(/^\/(.*)\/$/)?.[1];
  if (expression === undefined) return (name) => name.includes(filter);
  const pattern = new RegExp(expression);
  return (name) => pattern.test(name);
}
