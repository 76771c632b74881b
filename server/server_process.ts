// A server process, alone or one of several that share the port; see `main.ts`.
import { type Config, productionConfig, readEnvironment } from "./config.ts";
import { CHECK, SHARE_PORT } from "./processes.ts";
import { describeError, openLog } from "./request/log.ts";
import { startServer } from "./serve.ts";
import { openSetupLink } from "./setup_link.ts";
import { CUT_OFF, exitAfter, exitOnUncaught, exitWithError } from "./signals.ts";
import { checkDatabase } from "./start_check.ts";
import { stopSignal } from "./stop_signal.ts";

/** Time for load balancers to detect that this process is not ready; milliseconds. */
const GRACE = 1500;
const sharesPort = Deno.args.includes(SHARE_PORT);

const stop = sharesPort ? Promise.race([stopSignal(), parentEnded()]) : stopSignal();
const config = await read().catch(exitWithError);
if (!sharesPort) await announceSetup();
if (Deno.args.includes(CHECK)) Deno.exit(0);
const log = openLog(config.LOG_LEVEL);
exitOnUncaught(log);
const server = await startServer(config, log, { grace: GRACE, shared: sharesPort }).catch(exitWithError);
await stop;
exitAfter(config.DRAIN_TIME_MS);
const cutOff = await server.stop();
await log.flush();
Deno.exit(cutOff > 0 ? CUT_OFF : 0);

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
    log.warn(
      "no setup link could be made: deno task latchkey admin setup-link makes one",
      describeError(error),
    );
  }
  await log.flush();
}
