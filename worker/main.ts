// `deno task worker`: a worker in production. Any number may run, on any number of machines. `--queue NAME` limits it to
// a queue and may be repeated.
import { parseArgs } from "node:util";
import { type Config, productionConfig, readEnvironment } from "../server/config.ts";
import * as dialects from "../server/dialects/all.ts";
import { webhookFormatsOf } from "../server/request/dialect_module.ts";
import { openLog } from "../server/request/log.ts";
import { CUT_OFF, exitAfter, exitOnUncaught, exitWithError } from "../server/signals.ts";
import { checkDatabase } from "../server/start_check.ts";
import { stopSignal } from "../server/stop_signal.ts";
import { startWorker } from "./worker.ts";

const stop = stopSignal();
const config = await read().catch(exitWithError);
const log = openLog(config.LOG_LEVEL);
exitOnUncaught(log);
const worker = await Promise.resolve().then(() =>
  startWorker(config, log, webhookFormatsOf(dialects), namedQueues())
).catch(exitWithError);
await stop;
exitAfter(config.DRAIN_TIME_MS);
const isFinished = await worker.stop();
await log.flush();
Deno.exit(isFinished ? 0 : CUT_OFF);

async function read(): Promise<Config> {
  const config = productionConfig(readEnvironment());
  await checkDatabase(config);
  return config;
}

function namedQueues(): string[] {
  return parseArgs({ args: Deno.args, options: { queue: { type: "string", multiple: true } } }).values
    .queue ?? [];
}
