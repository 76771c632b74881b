// `deno task server`: the HTTP server in production, in one process or in several that share the port.
import { type Config, productionConfig, readEnvironment } from "./config.ts";
import { openLog } from "./request/log.ts";
import { startServer } from "./serve.ts";
import { giveUp, toldToStop } from "./signals.ts";
import { checkDatabase } from "./start_check.ts";

/** Time for a balancer to notice that this process is not ready any more; milliseconds. */
const GRACE = 1500;
/** Set in the processes that a first one started. */
const sharesPort = Deno.args.includes("--share-port");

const stop = toldToStop();
const config = await read().catch(giveUp);
if (config.PROCESSES > 1 && !sharesPort) {
  await runProcesses(config.PROCESSES);
} else {
  const log = openLog(config.LOG_LEVEL);
  const server = await startServer(config, log, { grace: GRACE, shared: sharesPort }).catch(giveUp);
  await stop;
  await server.stop();
  await log.flush();
}
Deno.exit(0);

async function read(): Promise<Config> {
  const config = productionConfig(readEnvironment());
  await checkDatabase(config);
  return config;
}

/** Runs several servers on one port, starts one anew that died, and stops them together. */
async function runProcesses(count: number): Promise<void> {
  let stopping = false;
  const children = new Set<Deno.ChildProcess>();
  const start = (): Deno.ChildProcess => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--permission-set=server",
        "--no-prompt",
        "--quiet",
        import.meta.filename!,
        "--share-port",
      ],
    }).spawn();
    children.add(child);
    child.status.then(() => {
      children.delete(child);
      // Not at once, so that a server which cannot start does not keep the machine busy.
      if (!stopping) setTimeout(() => !stopping && start(), 1000);
    });
    return child;
  };
  for (let n = 0; n < count; n++) start();
  await stop;
  stopping = true;
  const running = [...children];
  for (const child of running) child.kill("SIGTERM");
  await Promise.all(running.map((child) => child.status));
}
