// Servers and workers as operators run them: a process each, whose log is read, and which can be killed.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../db/embedded/free_port.ts";
import { eventLoopVariables, heapFlags } from "../../server/runtime_options.ts";
import { testSecrets } from "../support/secrets.ts";
import { eventually } from "../support/test.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Lines of the log that are kept. */
const KEPT_LINES = 5000;

export interface LogLine {
  level: string;
  message: string;
  // deno-lint-ignore no-explicit-any
  [field: string]: any;
}

export interface Program {
  /** The address of a server; of a worker the one of its metrics. */
  url: string;
  pid: number;
  /** Its latest lines, without those of requests. */
  log: LogLine[];
  /** Resident memory; bytes. */
  memory(): Promise<number>;
  signal(signal: Deno.Signal): void;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM. Returns its exit code. */
  stop(): Promise<number>;
}

export interface ProgramOptions {
  /** Environment variables. */
  env?: Record<string, string>;
  /** The folder of another version of the program. */
  root?: string;
  /** Options of `deno run`. */
  options?: string[];
  args?: string[];
  /** Gets every line of its log, those of requests as well. */
  onLine?(line: LogLine): void;
}

/** Starts a program and resolves when it logs that it has started. */
export async function startProgram(
  file: "server/main.ts" | "worker/main.ts",
  databaseUrl: string,
  redisUrl: string,
  given: ProgramOptions = {},
): Promise<Program> {
  const folder = given.root ?? root;
  const metricsPort = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "--no-check", heapFlags, ...given.options ?? []],
      join(folder, file),
      ...given.args ?? [],
    ],
    cwd: folder,
    env: {
      ...eventLoopVariables,
      HOST: "127.0.0.1",
      PORT: "0",
      WORKER_METRICS_PORT: String(metricsPort),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      RATE_LIMIT_PUBLIC: "off",
      WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
      ...testSecrets,
      ...given.env,
    },
    stdout: "piped",
  }).spawn();
  const log: LogLine[] = [];
  const reading = readLines(child.stdout, (line) => {
    given.onLine?.(line);
    if (line.message === "request") return;
    log.push(line);
    if (log.length > KEPT_LINES) log.shift();
  });
  let hasEnded = false;
  const ended = child.status.then(async ({ code }) => {
    hasEnded = true;
    await reading;
    return code;
  });
  const started = await eventually(() => {
    if (hasEnded) throw new Error(`${file} ended at once: ${JSON.stringify(log)}`);
    return Promise.resolve(log.find(({ message }) => /^(server listening|worker started)$/.test(message)));
  }, 60_000);
  const end = (signal: Deno.Signal) => {
    if (!hasEnded) child.kill(signal);
    return ended;
  };
  return {
    url: `http://127.0.0.1:${started.port ?? metricsPort}`,
    pid: child.pid,
    log,
    async memory() {
      const status = await Deno.readTextFile(`/proc/${child.pid}/status`);
      return Number(status.match(/VmRSS:\s+(\d+)/)![1]) * 1024;
    },
    signal: (signal) => child.kill(signal),
    kill: async () => void await end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

async function readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (line: LogLine) => void) {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("{")) take(JSON.parse(line));
      else if (line) take({ level: "text", message: line });
    }
  }
}
