// Leases: one worker at a time works on a row. The worker renews its lease, which has a token of its own; when the
// worker dies, another takes over after the lease has expired.

/** The lease belongs to another worker, or its work was cancelled. What it did since then must not be saved. */
export class LeaseLost extends Error {
  constructor() {
    super("the lease belongs to another worker, or its work was cancelled");
  }
}
