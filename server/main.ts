// `deno task server`: the HTTP server in production, in one process or in several that share the port.
import { type Config, productionConfig, readEnvironment } from "./config.ts";
import { heapFlags } from "./heap_flags.ts";
import { describeError, openLog } from "./request/log.ts";
import { startServer } from "./serve.ts";
import { CUT_OFF, exitAfter, exitOnUncaught, exitWithError, stopSignal } from "./signals.ts";
import { openSetupLink } from "./setup_link.ts";
import { checkDatabase } from "./start_check.ts";

/** Time for load balancers to detect that this process is not ready; milliseconds. */
const GRACE = 1500;
/** Set in the child processes when PROCESSES is above 1. */
const sharesPort = Deno.args.includes("--share-port");

const stop = sharesPort ? Promise.race([stopSignal(), parentEnded()]) : stopSignal();
const config = await read().catch(exitWithError);
if (!sharesPort) await announceSetup();
if (config.PROCESSES > 1 && !sharesPort) {
  Deno.exit(await runProcesses(config.PROCESSES));
} else {
  const log = openLog(config.LOG_LEVEL);
  exitOnUncaught(log);
  const server = await startServer(config, log, { grace: GRACE, shared: sharesPort }).catch(exitWithError);
  await stop;
  exitAfter(config.DRAIN_TIME_MS);
  const cutOff = await server.stop();
  await log.flush();
  Deno.exit(cutOff > 0 ? CUT_OFF : 0);
}

/** Resolves when the process that started this one has ended, however it did: its end closes the pipe. */
async function parentEnded(): Promise<void> {
  for await (const _input of Deno.stdin.readable);
}

async function read(): Promise<Config> {
  const config = productionConfig(readEnvironment());
  await checkDatabase(config);
  return config;
}

/** Logs the link to create the first owner with, while there is no administrator. The server starts without it too. */
async function announceSetup(): Promise<void> {
  const log = openLog(config.LOG_LEVEL);
  try {
    const link = await openSetupLink(config);
    if (!link) return;
    log.warn("no administrator exists: open setup_url to create the first owner", {
      setup_url: link.url,
      valid_until: link.expiresAt.toISOString(),
    });
  } catch (error) {
    log.warn("no setup link could be made: deno task admin setup-link makes one", describeError(error));
  }
  await log.flush();
}

/**
 * Runs several servers on one port, restarts those that die, and stops them together.
 *
 * @returns the highest of their exit codes
 */
async function runProcesses(count: number): Promise<number> {
  let stopping = false;
  const children = new Set<Deno.ChildProcess>();
  const start = (): Deno.ChildProcess => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--permission-set=server",
        heapFlags,
        "--no-prompt",
        "--quiet",
        import.meta.filename!,
        "--share-port",
      ],
      stdin: "piped",
    }).spawn();
    children.add(child);
    child.status.then(() => {
      children.delete(child);
      // With a delay, so that a server that cannot start does not use all of the CPU.
      if (!stopping) setTimeout(() => !stopping && start(), 1000);
    });
    return child;
  };
  for (let n = 0; n < count; n++) start();
  await stop;
  stopping = true;
  const running = [...children];
  for (const child of running) child.kill("SIGTERM");
  const timer = setTimeout(
    () => children.forEach((child) => child.kill("SIGKILL")),
    config.DRAIN_TIME_MS + 2000,
  );
  const codes = await Promise.all(running.map((child) => child.status.then(({ code }) => code)));
  clearTimeout(timer);
  return Math.max(...codes);
}
