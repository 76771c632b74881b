// `deno task standalone`: a whole system in one process for a vendor with one machine. PostgreSQL and Redis are brought
// along, secrets are made on the first start, migrations are applied; everything else is as in production.
import { resolve } from "node:path";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { migrate } from "../db/migrate.ts";
import { startWorker } from "../worker/worker.ts";
import { type Config, productionConfig, readEnvironment } from "./config.ts";
import { environmentFile, readSecrets, writeEnvironment } from "./data_folder.ts";
import * as dialects from "./dialects/all.ts";
import { startEmbeddedStores } from "./embedded_stores.ts";
import { webhookFormatsOf } from "./request/dialect_module.ts";
import { assertPortFree } from "./request/listener.ts";
import { openLog } from "./request/log.ts";
import { startServer } from "./serve.ts";
import { describeSetupLink, openSetupLink } from "./setup_link.ts";
import { CUT_OFF, exitAfter, exitOnUncaught, exitWithError } from "./signals.ts";
import { checkDatabase } from "./start_check.ts";
import { stopSignal } from "./stop_signal.ts";

const print = (line: string) => console.error(line);
const stop = stopSignal();
const environment = await Promise.resolve().then(() => readEnvironment()).catch(exitWithError);
const folder = resolve(environment.DATA_DIR);
const running = await start().catch(exitWithError);
await stop;
exitAfter(environment.DRAIN_TIME_MS + 10_000);
Deno.exit(await running.stop());

async function start(): Promise<{ stop(): Promise<number> }> {
  assertPortFree(environment.HOST, environment.PORT);
  const secrets = await readSecrets(folder);
  const stores = await startEmbeddedStores(environment, folder, print);
  try {
    const config = productionConfig({
      ...environment,
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      ENCRYPTION_KEY: environment.ENCRYPTION_KEY ?? secrets.ENCRYPTION_KEY,
      JWT_SECRET: environment.JWT_SECRET ?? secrets.JWT_SECRET,
    });
    await prepareDatabase(config);
    await writeEnvironment(folder, config);
    const log = openLog(config.LOG_LEVEL);
    const server = await startServer(config, log, { grace: 0 });
    const worker = await startWorker(config, log, webhookFormatsOf(dialects));
    print(`Latchkey is up at ${config.PUBLIC_URL}; its data is in ${folder}.`);
    const setup = await openSetupLink(config);
    if (setup) print(`\n${describeSetupLink(setup)}`);
    // From here on what is printed goes into the log.
    exitOnUncaught(log);
    return {
      async stop() {
        const [cutOff, isFinished] = await Promise.all([server.stop(), worker.stop()]);
        await log.flush();
        await Deno.remove(environmentFile(folder));
        await stores.stop();
        return cutOff > 0 || !isFinished ? CUT_OFF : 0;
      },
    };
  } catch (error) {
    await stores.stop();
    throw error;
  }
}

async function prepareDatabase(config: Config): Promise<void> {
  const db = connect(config.DATABASE_URL, { max: 1, name: "latchkey migrate", limits: timeLimits.setup });
  try {
    const applied = await migrate(db, { onProgress: print });
    if (applied.length > 0) print(`Applied ${applied.length} migrations.`);
  } finally {
    await db.end({ timeout: 1 });
  }
  await checkDatabase(config);
}
