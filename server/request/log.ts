// The log: one JSON object a line, on standard output. Lines are gathered for a moment and written together, so that
// a busy server does not wait for its log. No secrets and no license keys in full go in here.

export type Level = "debug" | "info" | "warn" | "error";

export interface Log {
  debug(message: string, facts?: Record<string, unknown>): void;
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
  /** One line for each request that was answered. */
  request(facts: RequestFacts): void;
  /** Writes what is gathered. Call it before the process ends. */
  flush(): void;
}

/** What is logged of a request. */
export interface RequestFacts {
  id: string;
  method: string;
  /** The pattern of its address, so that no key in an address gets into the log. */
  route: string;
  status: number;
  /** Milliseconds. */
  ms: number;
  ip: string;
  actor: string | null;
}

const ranks = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };
const FLUSH_AFTER = 50;
const FLUSH_AT = 64 * 1024;

/**
 * Opens a log.
 *
 * @param level what is less important is left out
 * @param write takes finished lines; standard output unless said otherwise
 */
export function openLog(level: keyof typeof ranks, write: (lines: string) => void = writeOut): Log {
  let lines = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines) write(lines);
    lines = "";
  };
  const at = (rank: Level) => (message: string, facts?: Record<string, unknown>) => {
    if (ranks[rank] < ranks[level]) return;
    lines += JSON.stringify({ time: new Date().toISOString(), level: rank, message, ...facts }) + "\n";
    if (lines.length > FLUSH_AT) flush();
    else timer ??= setTimeout(flush, FLUSH_AFTER);
  };
  // Written for every request, and therefore by hand: none of these can hold a character that JSON escapes.
  const request = ({ id, method, route, status, ms, ip, actor }: RequestFacts) => {
    if (ranks.info < ranks[level]) return;
    lines +=
      `{"time":"${isoNow()}","level":"info","message":"request","request_id":"${id}","method":"${method}",` +
      `"route":"${route}","status":${status},"ms":${ms.toFixed(2)},"ip":"${ip}","actor":${
        actor && `"${actor}"`
      }}\n`;
    if (lines.length > FLUSH_AT) flush();
    else timer ??= setTimeout(flush, FLUSH_AFTER);
  };
  return { request, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), flush };
}

let lastInstant = { ms: 0, text: "" };

function isoNow(): string {
  const ms = Date.now();
  if (ms !== lastInstant.ms) lastInstant = { ms, text: new Date(ms).toISOString() };
  return lastInstant.text;
}

const encoder = new TextEncoder();

function writeOut(lines: string): void {
  let bytes = encoder.encode(lines);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

/** An error as it is logged: with its stack and its causes. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  return {
    error: error.message,
    stack: error.stack,
    ...("code" in error ? { code: error.code } : {}),
    ...(error.cause ? { cause: describeError(error.cause) } : {}),
  };
}
