// When a program is asked to end. Imports nothing, for the parent of several servers.

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
