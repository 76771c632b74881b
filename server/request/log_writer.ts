// Writes the log without waiting for its reader: while it is slow, hangs, has died or has no room, lines are kept up to a bound
// and then dropped and counted. A write that failed is repeated, since disks get room again and readers come back.

/** Maximum number of characters that wait. */
const MAX_PENDING = 8 * 1024 * 1024;
/** The time between two attempts after a failure; milliseconds. */
const RETRY_AFTER = 1000;
/** The same for a reader that has no room at the moment and does not let writers wait (EAGAIN). */
const RETRY_SOON = 20;

export interface LogWriter {
  /** Takes over complete lines. */
  write(lines: string): void;
  /** Settles when everything is written, or the last attempt has failed. */
  drain(): Promise<void>;
  /** Lines that were dropped since the start. */
  readonly dropped: number;
}

/**
 * A writer.
 *
 * @param write writes some of the bytes and returns how many; it may fail, and may never settle
 */
export function createLogWriter(
  write: (bytes: Uint8Array) => Promise<number>,
  { maxPending = MAX_PENDING, retryAfter = RETRY_AFTER } = {},
): LogWriter {
  const encoder = new TextEncoder();
  let pending: string[] = [];
  let size = 0;
  /** What is being written. After a failure it goes on where it stopped, so that no line is torn. */
  let bytes = new Uint8Array();
  let dropped = 0;
  let reported = 0;
  let writing: Promise<void> | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function writeAll(): Promise<void> {
    clearTimeout(retry);
    retry = undefined;
    try {
      while (bytes.length > 0 || pending.length > 0) {
        if (bytes.length === 0) {
          bytes = encoder.encode(pending.join(""));
          pending = [];
          size = 0;
        }
        const written = await write(bytes);
        if (written === 0) throw new Error("Nothing was written");
        bytes = bytes.subarray(written);
        if (bytes.length === 0 && dropped > reported) reportDropped();
      }
    } catch (error) {
      const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
      retry = setTimeout(start, isFull ? RETRY_SOON : retryAfter);
      Deno.unrefTimer(retry);
    } finally {
      writing = null;
    }
  }

  function start(): void {
    writing ??= writeAll();
  }

  function reportDropped(): void {
    const [time, lines] = [new Date().toISOString(), dropped - reported];
    reported = dropped;
    pending.unshift(`${JSON.stringify({ time, level: "warn", message: "log lines dropped", lines })}\n`);
  }

  return {
    write(lines) {
      if (size + lines.length > maxPending) {
        dropped += lines.split("\n").length - 1;
        return;
      }
      pending.push(lines);
      size += lines.length;
      if (retry === undefined) start();
    },
    async drain() {
      // One more attempt before the end.
      if (bytes.length > 0 || pending.length > 0) start();
      if (writing) await writing;
    },
    get dropped() {
      return dropped;
    },
  };
}

let standardOutput: LogWriter | undefined;

/** The writer of standard output, the only one of the process: two would tear each other's lines. */
export function stdoutWriter(): LogWriter {
  return standardOutput ??= createLogWriter((bytes) => Deno.stdout.write(bytes));
}

/** Lines of the log that this process has dropped. */
export function droppedLines(): number {
  return standardOutput?.dropped ?? 0;
}
