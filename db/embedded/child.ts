// Starting a server as a child process, waiting until it answers, and ending it – or one that an earlier run left
// behind – by its pid. Nothing started here outlives this process, not even when it is killed with SIGKILL.

import { dirname, resolve } from "node:path";

/** What starting either server gives. `stop` may be called more than once. */
export type RunningServer = { url: string; port: number; stop(): Promise<void> };

export type Account = { uid: number; gid: number };

export type Child = {
  pid: number;
  ended: Promise<unknown>;
  hasEnded(): boolean;
  /** Sends the polite signal, waits, and sends the other one to a child that does not listen. */
  end(): Promise<void>;
};

export type ChildStart = {
  program: string;
  args: string[];
  /** The child's working directory: also how a later run recognises it, see `isRunningIn`. */
  cwd: string;
  log: string;
  env?: Record<string, string>;
  account?: Account;
  /** Both PostgreSQL and Redis have a signal that means: stop at once, but lose nothing. */
  politely: Deno.Signal;
  forcibly: Deno.Signal;
};

// Held here, because a child whose last reference is gone may have its pipe closed by the garbage collector, and a
// watcher takes that for the death of this process.
const watchers = new Set<Deno.ChildProcess>();

export function startChild(start: ChildStart): Child {
  // `detached` gives the child a session of its own: Ctrl-C in a terminal reaches this process, which drains first,
  // and not the child. The log is opened by a shell, since a pipe would break with this process; `exec` keeps the pid.
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", 'log=$1; shift; exec "$@" >"$log" 2>&1', "sh", start.log, start.program, ...start.args],
    cwd: start.cwd,
    clearEnv: true,
    env: bareEnvironment(start.env),
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
    ...start.account,
  }).spawn();
  const watcher = watch(child.pid, start.politely);
  let over = false;
  const ended = child.status.then(async () => {
    over = true;
    await dismiss(watcher);
  });
  return {
    pid: child.pid,
    ended,
    hasEnded: () => over,
    end: async () => {
      signal(child.pid, start.politely, () => over);
      if (!await within(30_000, ended)) signal(child.pid, start.forcibly, () => over);
      await ended;
    },
  };
}

/** Polls until `answers` does; throws with the end of the log when the child dies or keeps silent. */
export async function untilReady(child: Child, log: string, answers: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!child.hasEnded() && Date.now() < deadline) {
    if (await answers()) return;
    await pause(15);
  }
  const said = (await textOf(log) ?? "").trimEnd().split("\n").slice(-12).join("\n");
  if (!child.hasEnded()) {
    await child.end();
    throw new Error(`It did not answer within a minute. ${log} ends with:\n${said}`);
  }
  throw new Error(`It ended at once. ${log} says:\n${said}`);
}

/**
 * Whether that pid is alive and works in that folder. A pid alone proves nothing: after a restart of a container the
 * same few numbers come round again. A zombie counts as dead (nobody may be there to reap it).
 */
export async function isRunningIn(pid: number, folder: string): Promise<boolean> {
  const wanted = await Deno.realPath(folder).catch(() => resolve(folder));
  if (Deno.build.os === "linux") return await Deno.readLink(`/proc/${pid}/cwd`).catch(() => "") === wanted;
  const args = ["-a", "-p", String(pid), "-d", "cwd", "-Fn"];
  const { stdout } = await new Deno.Command("lsof", { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").includes(`n${wanted}`);
}

/** Ends a server that a killed run left behind; its parent is gone, so its end can only be watched from outside. */
export async function endLeftover(pid: number, folder: string, politely: Deno.Signal, forcibly: Deno.Signal) {
  const deadline = Date.now() + 30_000;
  if (await isRunningIn(pid, folder)) signal(pid, politely);
  while (await isRunningIn(pid, folder)) {
    if (Date.now() > deadline) signal(pid, forcibly);
    await pause(Date.now() > deadline ? 500 : 20);
  }
}

export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

export const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** Only what a server needs: PGDATA, LD_PRELOAD and the like of the developer's shell are none of its business. */
export function bareEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const path = `${dirname(Deno.execPath())}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { PATH: path, LC_ALL: "C", TZ: "UTC", HOME: "/", ...more };
}

// A shell that reads from a pipe nobody writes to: it wakes up when this process, the pipe's other end, is gone.
function watch(pid: number, politely: Deno.Signal): Deno.ChildProcess {
  const watcher = new Deno.Command("/bin/sh", {
    args: ["-c", `read -r _; kill -${politely.slice(3)} ${pid}`],
    cwd: "/",
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  watchers.add(watcher);
  return watcher;
}

async function dismiss(watcher: Deno.ChildProcess): Promise<void> {
  watcher.kill("SIGKILL"); // before its pipe is closed, or it would signal a pid that may be someone else's by now
  await watcher.status;
  await watcher.stdin.close().catch(() => {});
  watchers.delete(watcher);
}

function signal(pid: number, name: Deno.Signal, isOver: () => boolean = () => false): void {
  try {
    if (!isOver()) Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function within(milliseconds: number, done: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), milliseconds));
  const result = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
