// `deno task dev`: everything in one process. Embedded PostgreSQL and Redis unless others are configured, the panel,
// migrations, demo data on the first start, server and worker.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readDatabaseTime } from "../db/clock.ts";
import { connect } from "../db/connect.ts";
import { timeLimits } from "../db/time_limits.ts";
import { migrate } from "../db/migrate.ts";
import { startWorker } from "../worker/worker.ts";
import { complete, type Config, demoSecrets, type Environment, readEnvironment } from "./config.ts";
import { demo, hasDemoData } from "./demo_credentials.ts";
import { loadDemoData } from "./demo/demo_data.ts";
import { demoUser } from "./demo/users.ts";
import { startEmbeddedStores } from "./embedded_stores.ts";
import { systemContext } from "./domain/system_context.ts";
import * as dialects from "./dialects/all.ts";
import { webhookFormatsOf } from "./request/dialect_module.ts";
import { openLog } from "./request/log.ts";
import { assertPortFree } from "./request/listener.ts";
import { createCipher } from "./request/cipher.ts";
import { startServer } from "./serve.ts";
import { describeSetupLink, openSetupLink } from "./setup_link.ts";
import { checkDatabase } from "./start_check.ts";
import { exitWithError } from "./signals.ts";
import { stopSignal } from "./stop_signal.ts";

const print = (line: string) => console.log(line);
const stop = stopSignal();
/** What runs. It is stopped in the reverse order. */
const started: { stop(): Promise<unknown> }[] = [];

try {
  const environment = readEnvironment();
  assertPortFree(environment.HOST, environment.PORT);
  const [config] = await Promise.all([provide(environment), buildPanel()]);
  await run(config);
  await stop;
  print("\nStopping …");
} catch (error) {
  await stopAll();
  await exitWithError(error);
}
await stopAll();
print("Stopped.");
Deno.exit(0);

async function stopAll(): Promise<void> {
  for (const part of started.splice(0).reverse()) await part.stop();
}

/** Builds the panel if it has changed; in a child process, so that the build tools do not stay in memory. */
async function buildPanel(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", fileURLToPath(new URL("../web/build.ts", import.meta.url))],
    stdout: "null",
  }).spawn().status;
  if (!success) print("The panel could not be built; see above. Everything else continues.");
}

/** Completes the configuration, with embedded databases where none are configured. */
async function provide(environment: Environment): Promise<Config> {
  const stores = await startEmbeddedStores(environment, resolve(environment.DATA_DIR), print);
  started.push(stores);
  return complete({
    ...environment,
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    JWT_SECRET: environment.JWT_SECRET ?? demoSecrets.JWT_SECRET,
    ENCRYPTION_KEY: environment.ENCRYPTION_KEY ?? demoSecrets.ENCRYPTION_KEY,
    development: true,
    // Webhooks may be received on the developer's machine.
    WEBHOOK_ALLOWED_ADDRESSES: environment.WEBHOOK_ALLOWED_ADDRESSES.length > 0
      ? environment.WEBHOOK_ALLOWED_ADDRESSES
      : ["127.0.0.0/8", "::1"],
  });
}

async function run(config: Config): Promise<void> {
  const db = connect(config.DATABASE_URL, { max: 2, name: "latchkey dev", limits: timeLimits.setup });
  const applied = await migrate(db, { onProgress: print });
  if (applied.length > 0) print(`Applied ${applied.length} migrations.`);
  if (applied.length > 0 && !await hasDemoData(db)) {
    print("Loading demo data …");
    await db.begin(async (tx) =>
      loadDemoData(
        await systemContext(
          tx,
          "demo data",
          await readDatabaseTime(tx),
          createCipher(config.ENCRYPTION_KEY, config.ENCRYPTION_KEY_PREVIOUS),
        ),
      )
    );
  }
  await db.end();
  await checkDatabase(config);

  const log = openLog(config.LOG_LEVEL === "info" ? "warn" : config.LOG_LEVEL);
  started.push(await startServer(config, log, { grace: 0 }));
  started.push(await startWorker(config, log, webhookFormatsOf(dialects)));
  const setup = await openSetupLink(config);
  if (setup) print(`\n${describeSetupLink(setup)}`);
  print(`
Latchkey is up. Ctrl-C stops it; data stays in ${config.DATA_DIR}.

  Panel           ${config.PUBLIC_URL}
  API             ${config.PUBLIC_URL}
  Documentation   ${config.PUBLIC_URL}/docs
  Sign in         ${demo.administrator.email} / ${demo.administrator.password}
  API key         ${demo.apiKey}
  License key     ${demo.licenseKey}
  User            ${demoUser.email} / ${demoUser.password}, at ${config.PUBLIC_URL}/account
  Mailbox         ${config.PUBLIC_URL}/mailbox, with all mail that was sent, and at /mailbox/previews every mail

Activate a license:

  curl ${config.PUBLIC_URL}/api/license/activate \\
    -H 'X-API-Key: ${demo.apiKey}' -H 'Content-Type: application/json' \\
    -d '{"license_key": "${demo.licenseKey}", "hardware_hash": "my-machine", "machine_name": "My machine"}'
`);
}
