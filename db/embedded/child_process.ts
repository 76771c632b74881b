// Runs a server as a child process: starts it, waits until it is ready, and stops it, or one that a killed run left running.
// A child never outlives this process, not even when this process ends by SIGKILL.

import { dirname, resolve } from "node:path";

/** An embedded server that is ready. */
export type RunningServer = {
  url: string;
  port: number;
  pid: number;
  /** May be called more than once. */
  stop(): Promise<void>;
};

/** The user and group that a child runs as. */
export type Account = { uid: number; gid: number };

export type Child = {
  pid: number;
  /** Resolves when the process has exited. */
  exited: Promise<unknown>;
  hasExited(): boolean;
  /** Sends the stop signal, and the kill signal when the process is still running after 30 seconds. */
  stop(): Promise<void>;
};

export type ChildOptions = {
  program: string;
  args: string[];
  /** The working directory. A later run recognises the child by it, see `isRunningIn`. */
  cwd: string;
  /** The file that receives stdout and stderr. */
  log: string;
  env?: Record<string, string>;
  account?: Account;
  /** The signal for an orderly shutdown without loss of data. */
  stopSignal: Deno.Signal;
  killSignal: Deno.Signal;
};

// Keeps the watchdogs referenced: the garbage collector may close the pipe of a child process without references, and a
// watchdog interprets that as the end of this process.
const watchdogs = new Set<Deno.ChildProcess>();

/** Starts a program in a session of its own, with a watchdog that stops it when this process ends. */
export function startChild(options: ChildOptions): Child {
  // `detached`: Ctrl-C in a terminal is sent to this process only, which shuts down in order. The log is opened by a shell,
  // because a pipe would break with this process; `exec` keeps the pid.
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      'log=$1; shift; exec "$@" >"$log" 2>&1',
      "sh",
      options.log,
      options.program,
      ...options.args,
    ],
    cwd: options.cwd,
    clearEnv: true,
    env: minimalEnvironment(options.env),
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
    ...options.account,
  }).spawn();
  const watchdog = startWatchdog(child.pid, options.stopSignal);
  let hasExited = false;
  const exited = child.status.then(async () => {
    hasExited = true;
    await stopWatchdog(watchdog);
  });
  return {
    pid: child.pid,
    exited,
    hasExited: () => hasExited,
    stop: async () => {
      if (!hasExited) sendSignal(child.pid, options.stopSignal);
      if (!await settlesWithin(30_000, exited) && !hasExited) sendSignal(child.pid, options.killSignal);
      await exited;
    },
  };
}

/**
 * Polls until the child is ready.
 *
 * @throws Error with the end of the log when the child exits or is not ready within a minute
 */
export async function waitUntilReady(
  child: Child,
  log: string,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!child.hasExited() && Date.now() < deadline) {
    if (await isReady()) return;
    await delay(15);
  }
  const lastLines = (await readTextIfExists(log) ?? "").trimEnd().split("\n").slice(-12).join("\n");
  if (!child.hasExited()) {
    await child.stop();
    throw new Error(`It was not ready within a minute. ${log} ends with:\n${lastLines}`);
  }
  throw new Error(`It exited immediately. ${log} ends with:\n${lastLines}`);
}

/**
 * Whether a process is running with that working directory. A pid alone is not enough: the same few numbers are reused after
 * a restart of a container. A zombie counts as exited, because a container may have no process that reaps it.
 */
export async function isRunningIn(pid: number, folder: string): Promise<boolean> {
  const path = await Deno.realPath(folder).catch(() => resolve(folder));
  if (Deno.build.os === "linux") return await Deno.readLink(`/proc/${pid}/cwd`).catch(() => "") === path;
  const args = ["-a", "-p", String(pid), "-d", "cwd", "-Fn"];
  const { stdout } = await new Deno.Command("lsof", { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").includes(`n${path}`);
}

/** Stops a server that a killed run left running. It is not a child of this process, so its exit is polled. */
export async function stopLeftover(
  pid: number,
  folder: string,
  stopSignal: Deno.Signal,
  killSignal: Deno.Signal,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  if (await isRunningIn(pid, folder)) sendSignal(pid, stopSignal);
  while (await isRunningIn(pid, folder)) {
    if (Date.now() > deadline) sendSignal(pid, killSignal);
    await delay(Date.now() > deadline ? 500 : 20);
  }
}

/** The text of a file, or undefined when there is none. */
export async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

export const delay = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** The environment of a server, without the variables of the developer's shell, such as PGDATA and LD_PRELOAD. */
export function minimalEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const path = `${dirname(Deno.execPath())}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { PATH: path, LC_ALL: "C", TZ: "UTC", HOME: "/", ...more };
}

/** A shell that blocks on reading a pipe to which nothing is written, until this process, the other end, has exited. */
function startWatchdog(pid: number, stopSignal: Deno.Signal): Deno.ChildProcess {
  const watchdog = new Deno.Command("/bin/sh", {
    args: ["-c", `read -r _; kill -${stopSignal.slice(3)} ${pid}`],
    cwd: "/",
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  watchdogs.add(watchdog);
  return watchdog;
}

async function stopWatchdog(watchdog: Deno.ChildProcess): Promise<void> {
  // Before its pipe is closed: it would send its signal to a pid that may belong to another process by now.
  watchdog.kill("SIGKILL");
  await watchdog.status;
  await watchdog.stdin.close().catch(() => {});
  watchdogs.delete(watchdog);
}

function sendSignal(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function settlesWithin(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), milliseconds));
  const settled = await Promise.race([promise.then(() => true), timeout]);
  clearTimeout(timer);
  return settled;
}
