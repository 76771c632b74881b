// Limits how often something runs without delaying the first time.

/**
 * Runs at once if the last run is long enough ago, otherwise when it is, with the latest value.
 *
 * @param pauseMs between two runs; milliseconds
 */
export function createThrottle<Value>(
  run: (value: Value) => void,
  pauseMs: number,
): { call(value: Value): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: { value: Value } | null = null;
  function call(value: Value): void {
    if (timer !== undefined) {
      waiting = { value };
      return;
    }
    timer = setTimeout(() => {
      timer = undefined;
      const next = waiting;
      waiting = null;
      if (next) call(next.value);
    }, pauseMs);
    run(value);
  }
  function cancel(): void {
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
  }
  return { call, cancel };
}
