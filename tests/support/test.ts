// Defines a test. Connections are shared between the tests of a file, so Deno's leak checks are disabled.

/** Defines a test; its name is a sentence. */
export function test(name: string, run: () => void | Promise<void>): void {
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
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
