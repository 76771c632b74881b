// The log: one JSON object a line, on standard output. Lines are collected for some milliseconds and written together.
// Logging never blocks and never throws. No secret and no license key in full is logged.

import { format } from "node:util";
import { activeSpan, traceIdOf } from "../../db/tracing.ts";
import { stdoutWriter } from "./log_writer.ts";

export type Level = "debug" | "info" | "warn" | "error";

export interface Log {
  debug(message: string, facts?: Record<string, unknown>): void;
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
  /** One line for each request that was answered. */
  request(facts: RequestFacts): void;
  /** Writes what is waiting, within a second. Call it before the process ends. */
  flush(): Promise<void>;
}

/** What is logged of a request. */
export interface RequestFacts {
  id: string;
  /** The trace it belongs to; null while traces are off. */
  traceId: string | null;
  method: string;
  /** The declared pattern of its address, which holds no license key. */
  route: string;
  status: number;
  /** Milliseconds. */
  ms: number;
  ip: string;
  actor: string | null;
  /** The error it was answered with. */
  code: string | null;
}

const ranks = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };
/** Lines are written after so many milliseconds, or at so many characters. */
const FLUSH_AFTER = 50;
const FLUSH_AT = 64 * 1024;
/** How long the end of a process waits for its log; milliseconds. */
const FLUSH_WITHIN = 1000;

/**
 * Opens a log.
 *
 * @param level less important lines are left out
 * @param write receives complete lines; standard output by default
 */
export function openLog(level: keyof typeof ranks, write?: (lines: string) => void): Log {
  const writer = write ? { write, drain: () => Promise.resolve() } : stdoutWriter();
  let lines = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const handOver = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines) writer.write(lines);
    lines = "";
  };
  const add = (line: string) => {
    lines += line;
    if (lines.length > FLUSH_AT) handOver();
    else timer ??= setTimeout(handOver, FLUSH_AFTER);
  };
  const at = (rank: Level) => (message: string, facts?: Record<string, unknown>) => {
    if (ranks[rank] < ranks[level]) return;
    const traceId = facts?.trace_id ?? activeSpan()?.traceId;
    add(`${serialise({ time: isoNow(), level: rank, message, trace_id: traceId, ...facts })}\n`);
  };
  // Written for every request, so it is formatted by hand: none of these values has a character that JSON escapes. It
  // takes a tenth of the time of JSON.stringify in a general logger.
  const request = ({ id, traceId, method, route, status, ms, ip, actor, code }: RequestFacts) => {
    if (ranks.info < ranks[level]) return;
    add(
      `{"time":"${isoNow()}","level":"info","message":"request","request_id":"${id}",` +
        `${traceId ? `"trace_id":"${traceId}",` : ""}"method":"${method}",` +
        `"route":"${route}","status":${status},"ms":${ms.toFixed(2)},"ip":"${ip}","actor":${
          actor && `"${actor}"`
        }${code ? `,"code":"${code}"` : ""}}\n`,
    );
  };
  return {
    request,
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    flush() {
      handOver();
      return withTimeout(writer.drain());
    },
  };
}

/** A line as JSON; facts that JSON cannot express are left out. */
function serialise(line: Record<string, unknown>): string {
  try {
    return JSON.stringify(line);
  } catch {
    const { time, level, message } = line;
    return JSON.stringify({ time, level, message });
  }
}

async function withTimeout(drained: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, FLUSH_WITHIN));
  await Promise.race([drained, late]);
  clearTimeout(timer);
}

let lastInstant = { ms: 0, text: "" };

function isoNow(): string {
  const ms = Date.now();
  if (ms !== lastInstant.ms) lastInstant = { ms, text: new Date(ms).toISOString() };
  return lastInstant.text;
}

/** What libraries print by which method, and its level. */
const consoleLevels = {
  error: "error",
  assert: "error",
  warn: "warn",
  log: "info",
  info: "info",
  dir: "info",
  table: "info",
  debug: "debug",
  trace: "debug",
} as const satisfies Partial<Record<keyof Console, Level>>;
/** Characters of a printed text. */
const MAX_PRINTED = 2000;

/**
 * Turns what is printed with `console` into lines of the log. The console itself waits for a reader that hangs and throws when
 * the disk is full.
 */
export function captureConsole(log: Log): void {
  for (const [method, level] of Object.entries(consoleLevels) as [keyof typeof consoleLevels, Level][]) {
    console[method] = (...printed: unknown[]) => {
      if (method === "assert" && printed.shift()) return;
      log[level]("printed", { text: format(...printed).slice(0, MAX_PRINTED) });
    };
  }
}

/** An error as it is logged: with its stack and its causes. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const traceId = traceIdOf(error);
  return {
    error: error.message,
    ...(traceId ? { trace_id: traceId } : {}),
    stack: error.stack,
    ...("code" in error ? { code: error.code } : {}),
    ...(error.cause ? { cause: describeError(error.cause) } : {}),
  };
}
