// A worker process with short leases, for tests that kill it: what it was doing is taken over within a second.
import { productionConfig, readEnvironment } from "../../server/config.ts";
import * as dialects from "../../server/dialects/all.ts";
import { webhookFormatsOf } from "../../server/request/dialect_module.ts";
import { openLog } from "../../server/request/log.ts";
import { workerTiming } from "../../worker/timing.ts";
import { startWorker } from "../../worker/worker.ts";

const timing = { ...workerTiming, webhookLease: 800, jobLock: 500, stalledInterval: 250 };
const config = productionConfig(readEnvironment());
await startWorker(config, openLog("off"), webhookFormatsOf(dialects), [], timing);
