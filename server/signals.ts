// Being told to stop: SIGTERM by whoever runs us, SIGINT by Ctrl-C.

/** Settles when the process is told to stop. A second time is meant seriously and ends it at once. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => {
        if (told) Deno.exit(130);
        told = true;
        resolve();
      });
    }
  });
}

/** Ends the process with a sentence for whoever started it. */
export function giveUp(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
