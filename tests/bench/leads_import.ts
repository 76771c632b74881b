// `deno task bench:import [rows]`: how long an import of leads takes (100,000 by default) from the upload to the end of its
// job, beside `COPY` of the same rows into tables with the same indexes; how far the memory of server and worker grows, and
// how long verifications take meanwhile.
import { connect } from "../../db/connect.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { testSecrets } from "../support/secrets.ts";
import { post } from "../torture/answers.ts";
import { startSteadyLoad } from "../torture/steady_load.ts";
import { benchContext, createBenchKey, signOwnerIn } from "./bench_callers.ts";
import { raisedLimits, type RunningProgram, startEnvironment } from "./bench_environment.ts";
import { percentile } from "./measure.ts";
import { loadLicenses } from "./sample_licenses.ts";

const ROWS = Number(Deno.args.find((argument) => argument !== "--") ?? 100_000);
if (!(ROWS >= 1)) throw new Error("The number of rows is a number from 1.");
const ROUNDS = 3;
/** How many times as long as `COPY` an import may take. */
const GOAL = 5;
/** What 99 of 100 verifications may take meanwhile; milliseconds. */
const GOAL_P99 = 50;
const VERIFICATIONS_A_SECOND = 100;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** A table of leads, each with a contact, that no other round has. */
function table(round: number): string {
  const lines = ["name,type,city,country,contact_name,contact_email"];
  for (let n = 0; n < ROWS; n++) {
    lines.push(
      `Institution ${round} ${n},company,City ${n % 500},DE,Person ${n},p${n}@institution${round}.example`,
    );
  }
  return lines.join("\n");
}

/** The highest memory of a program until `stop`; megabytes. */
function watchMemory(program: Pick<RunningProgram, "memory">) {
  let most = 0;
  const timer = setInterval(async () => most = Math.max(most, await program.memory()), 100);
  return {
    stop() {
      clearInterval(timer);
      return Math.round(most / 1e6);
    },
  };
}

const environment = await startEnvironment();
// `COPY` reads and writes a file of the machine, which only a superuser may.
const folder = await Deno.makeTempDir({ prefix: "latchkey-bench-" });
await Deno.chmod(folder, 0o777);
const { db } = environment;
const own = connect(environment.databaseUrl, { max: 1, name: "bench" });
let isWell = true;
try {
  const ctx = await benchContext(db, testSecrets.ENCRYPTION_KEY);
  const { keys, hardwareOf } = await loadLicenses(db, 1000, 1);
  const server = await environment.startServer(raisedLimits);
  const metricsPort = freePort();
  const worker = await environment.start("worker/main.ts", [], metricsPort, {
    HOST: "127.0.0.1",
    WORKER_METRICS_PORT: String(metricsPort),
    DATABASE_URL: environment.databaseUrl,
    REDIS_URL: environment.redisUrl,
    LOG_LEVEL: "warn",
    ...testSecrets,
  });
  const token = await signOwnerIn(ctx);
  const headers = { "x-api-key": await createBenchKey(ctx) };

  /** Uploads a table and waits for the end of its job. @returns seconds */
  const importTable = async (body: string): Promise<number> => {
    const began = performance.now();
    const response = await fetch(`${server.url}/leads/import`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        "content-type": "text/csv",
      },
      body,
    });
    const answer = await response.json();
    if (response.status === 202) {
      while (true) {
        const [job] = await db<{ state: string; error: string | null; result: { imported: number } }[]>`
          select state, error, result
          from jobs
          where id = ${answer.job_id}`;
        if (job.state === "done" && job.result.imported === ROWS) break;
        if (!["waiting", "running"].includes(job.state)) {
          throw new Error(`The job is ${job.state}: ${job.error}`);
        }
        await pause(20);
      }
    } else if (response.status !== 200 || answer.imported !== ROWS) {
      throw new Error(`Answered ${response.status}: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    return (performance.now() - began) / 1000;
  };

  /** Copies the rows with higher ids into tables of their own. @returns seconds */
  const copyRows = async (institutionId: number): Promise<number> => {
    await own.unsafe(`
      copy (select * from institutions where id > ${institutionId}) to '${folder}/institutions';
      copy (select * from contacts where institution_id > ${institutionId}) to '${folder}/contacts';
      create table copied_institutions (like institutions including all);
      create table copied_contacts (like contacts including all, foreign key (institution_id) references copied_institutions);
      checkpoint`);
    const began = performance.now();
    await own.unsafe(`copy copied_institutions from '${folder}/institutions'`);
    await own.unsafe(`copy copied_contacts from '${folder}/contacts'`);
    const seconds = (performance.now() - began) / 1000;
    await own.unsafe("drop table copied_contacts, copied_institutions");
    return seconds;
  };

  const verify = (n: number) => {
    const key = keys[n % keys.length];
    return post(`${server.url}/api/license/verify`, headers, {
      license_key: key,
      hardware_hash: hardwareOf(key, 1),
    });
  };
  // Not the first use of anything: what is verified has been verified before.
  for (let n = 0; n < keys.length; n++) await (await verify(n)).body?.cancel();
  await importTable(table(0));
  const imports: number[] = [];
  const copies: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const [{ last }] = await db<{ last: number }[]>`
      select coalesce(max(id), 0) as last
      from institutions`;
    const body = table(round);
    const before = await Promise.all([server, worker].map(async (program) => await program.memory() / 1e6));
    const watched = [server, worker].map(watchMemory);
    const load = startSteadyLoad(VERIFICATIONS_A_SECOND, verify);
    imports.push(await importTable(body));
    const { p99, longest, failures } = await load.stop();
    const most = watched.map((each) => each.stop());
    copies.push(await copyRows(last));
    isWell &&= p99 <= GOAL_P99 && failures.length === 0;
    console.log(`round ${round}`, {
      "import s": Number(imports.at(-1)!.toFixed(2)),
      "copy s": Number(copies.at(-1)!.toFixed(2)),
      "server MB, before and at most": `${Math.round(before[0])} and ${most[0]}`,
      "worker MB, before and at most": `${Math.round(before[1])} and ${most[1]}`,
      "p99 of verify ms": p99,
      "longest verify ms": longest,
      failures,
    });
  }
  const [imported, copied] = [imports, copies].map((seconds) => percentile(seconds, 50));
  isWell &&= imported <= GOAL * copied;
  console.log(
    `${ROWS} leads: ${imported.toFixed(1)} s, COPY of the same rows ${copied.toFixed(1)} s: ` +
      `${(imported / copied).toFixed(1)} times as long (goal: at most ${GOAL})`,
  );
} finally {
  await own.end();
  await environment.stop();
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(isWell ? 0 : 1);
