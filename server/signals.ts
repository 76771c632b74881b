// How a program ends: on SIGTERM or SIGINT (Ctrl-C) within its drain time, or with an error message.

/** Exit code of a program that ended before everything that was running had finished. */
export const CUT_OFF = 3;

/** Resolves on the first SIGTERM or SIGINT. A second one ends the process immediately. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let received = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => {
        if (received) Deno.exit(130);
        received = true;
        resolve();
      });
    }
  });
}

/** Ends the process after so many milliseconds, should stopping it hang. */
export function exitAfter(milliseconds: number): void {
  Deno.unrefTimer(setTimeout(() => Deno.exit(CUT_OFF), milliseconds));
}

/** Prints the error's message and ends the process with code 1. */
export function exitWithError(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
