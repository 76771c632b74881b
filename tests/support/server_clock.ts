// The clock of a server of the tests, which its test sets. The databases' clocks stay as they are.
import type { TestServer } from "./server.ts";

/** Days in seconds. */
const DAY = 86_400;

/**
 * Sets a server's clock to noon in UTC of the next day, so that no day ends during the test, and lets the test set it to noon of
 * later days.
 */
export function setServerClock({ server: { services: { clock } } }: TestServer) {
  const real = clock.now;
  const noon = (Math.floor(real().getTime() / 1000 / DAY) + 1.5) * DAY;
  const startedAt = real().getTime();
  let days = 0;
  const at = (day: number) => noon + day * DAY;
  clock.now = () => new Date(at(days) * 1000 + real().getTime() - startedAt);
  return {
    /** Noon of a day, which counts from the first one on; seconds since 1970. */
    at,
    /** The server's time. */
    now: () => clock.now(),
    setDay: (day: number) => void (days = day),
  };
}
