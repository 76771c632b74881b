// One way to write a test. Connections outlive single tests on purpose, so Deno's leak checks are off.

/** A test whose name is a sentence. */
export function test(name: string, run: () => void | Promise<void>): void {
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}

/** Asks again until the answer is there; for what happens by itself. Fails with what it last saw. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false>,
  within = 5000,
): Promise<T> {
  const deadline = performance.now() + within;
  while (true) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`Nothing within ${within} ms; last seen: ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
