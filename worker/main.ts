// `deno task worker`: a worker in production. Start as many as there is work for, on as many machines.
import { productionConfig, readEnvironment } from "../server/config.ts";
import { openLog } from "../server/log.ts";
import { giveUp, toldToStop } from "../server/signals.ts";
import { startWorker } from "./work.ts";

const stop = toldToStop();
const config = await Promise.resolve().then(() => productionConfig(readEnvironment())).catch(giveUp);
const log = openLog(config.LOG_LEVEL);
const worker = await startWorker(config, log).catch(giveUp);
await stop;
await worker.stop();
log.flush();
Deno.exit(0);
