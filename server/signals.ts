// How a program ends: on SIGTERM or SIGINT (Ctrl-C), or with an error message.

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

/** Prints the error's message and ends the process with code 1. */
export function exitWithError(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
