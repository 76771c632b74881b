// The parent of several servers that share a port: starts them, starts those that die again, and stops them together. It
// stays for as long as they run, so it imports only what it needs.
import { eventLoopVariables, heapFlags } from "./runtime_options.ts";
import type { ProcessSettings } from "./process_settings.ts";

/** The argument of a server that shares its port, and ends when its standard input does. */
export const SHARE_PORT = "--share-port";
/** The argument of a server that only checks whether it could start, and logs the link for the first owner. */
export const CHECK = "--check";
/** Time after which a server that died is started again, so that one that cannot start does not use all of the CPU; milliseconds. */
const RESTART_AFTER = 1000;
/** What a server gets beyond its drain time; milliseconds. */
const END_WITHIN = 2000;

/**
 * Runs several servers until `stop` resolves.
 *
 * @param program the file of a server
 * @returns the highest of their exit codes, or that of the check, when no server can start
 */
export async function runProcesses(
  program: string,
  { processes, drainTime }: ProcessSettings,
  stop: Promise<void>,
): Promise<number> {
  let isStopping = false;
  const children = new Set<Deno.ChildProcess>();
  const spawn = (argument: string): Deno.ChildProcess => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--permission-set=server", heapFlags, "--no-prompt", "--quiet", program, argument],
      env: eventLoopVariables,
      stdin: "piped",
    }).spawn();
    children.add(child);
    child.status.then(() => children.delete(child));
    return child;
  };
  const start = (): void => {
    const child = spawn(SHARE_PORT);
    child.status.then(() => {
      if (!isStopping) setTimeout(() => !isStopping && start(), RESTART_AFTER);
    });
  };
  const check = await Promise.race([spawn(CHECK).status, stop]);
  if (check && !check.success) return check.code;
  if (check) {
    for (let n = 0; n < processes; n++) start();
    await stop;
  }
  isStopping = true;
  const running = [...children];
  for (const child of running) child.kill("SIGTERM");
  const timer = setTimeout(
    () => children.forEach((child) => child.kill("SIGKILL")),
    drainTime + END_WITHIN,
  );
  const codes = await Promise.all(running.map((child) => child.status.then(({ code }) => code)));
  clearTimeout(timer);
  return check ? Math.max(...codes) : 0;
}
