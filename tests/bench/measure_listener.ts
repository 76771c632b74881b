// The subjects of `deno task bench` on one listener: a server with raised limits, one with the default limits, and the
// yardsticks.
import { freePort } from "../../db/embedded/free_port.ts";
import type { Database } from "../../db/connect.ts";
import {
  type BenchEnvironment,
  defaultLimits,
  raisedLimits,
  type RunningProgram,
} from "./bench_environment.ts";
import { compareAnswers } from "./compare_answers.ts";
import { type Load, type LoadRequest, sendLoad } from "./load_generator.ts";
import { measureInTurn, type Subject } from "./measure.ts";
import type { Comparison, MeasuredSubject } from "./report.ts";
import { loadFiles } from "./sample_files.ts";
import { loadLicenses } from "./sample_licenses.ts";
import { loadUsers, passwordHash, signIn } from "./sample_sessions.ts";
import { spreadStates } from "./sample_states.ts";
import {
  type OtherCall,
  type SampleData,
  signingKeys,
  type SubjectDefinition,
  subjectsOf,
  type YardstickName,
} from "./subjects.ts";

export interface Sample extends Omit<SampleData, "users"> {
  /** Keys of licenses that may not be used, or not on their machine. */
  otherKeys: string[];
  users: number;
}

export interface ListenerSettings {
  listener: string;
  apiKey: string;
  sample: Sample;
  seconds: number;
  rounds: number;
  connections: number;
  /** Part of the names of the subjects to measure. */
  only: string;
}

/** Users of the v2 API: with the default limits each may make one call a second. */
const USERS = 2000;
/** One license in so many has meters besides the others: most are verified again within a second. */
const METERED_PART = 100;
/** Answers compared of each subject. */
const COMPARED = 60;
const OTHER_STATES = 400;

/** Loads licenses, and users for half of them at most. */
export async function prepareSample(
  db: Database,
  licenses: number,
  users = Math.min(USERS, Math.floor(licenses / 2)),
): Promise<Sample> {
  const { keys, hardwareOf } = await loadLicenses(db, licenses, 1, 1_000_000);
  await loadUsers(db, users);
  await spreadStates(db, OTHER_STATES);
  const { keys: meteredKeys } = await loadLicenses(db, Math.ceil(licenses / METERED_PART), 1, 1_000_000);
  await db`
    update licenses
    set meters = '{"exports": {"limit": 1000, "period": "month", "overage": 0}}'
    where key = any(${meteredKeys})`;
  const statusList = await loadFiles(db);
  await db`vacuum analyze`;
  return {
    db,
    keys: keys.slice(0, -OTHER_STATES),
    otherKeys: keys.slice(-OTHER_STATES),
    meteredKeys,
    statusList,
    hardwareOf,
    users,
  };
}

/** Measures the subjects one after the other, each in turn with its yardsticks. */
export async function measureListener(
  environment: BenchEnvironment,
  { listener, apiKey, sample, seconds, rounds, connections, only }: ListenerSettings,
  onMeasured: (subject: MeasuredSubject) => void,
) {
  const server = await environment.startServer({ LISTENER: listener, ...raisedLimits });
  // It counts in a database of its own: the counts of the other server are far above these limits.
  const limited = await environment.startServer({
    LISTENER: listener,
    ...defaultLimits,
    REDIS_URL: `${environment.redisUrl.replace(/\/\d*$/, "")}/1`,
  });
  const users = await signIn(environment.db, server.url, sample.users);
  const headers = await headersOfVerify(server, apiKey, sample);
  const port = freePort();
  const baseline = await environment.start("tests/bench/baseline.ts", [
    ...[listener, String(port), environment.databaseUrl, JSON.stringify(headers), await passwordHash()],
  ], port);

  const differences: string[] = [];
  let answersCompared = 0;
  const measured: MeasuredSubject[] = [];
  const definitions = subjectsOf({ ...sample, users });
  const verify = definitions.find(({ name }) => name === "verify")!;
  await visitEvery(loadOf(verify, server, { apiKey, connections }));
  await visitEvery(loadOf(verify, limited, { apiKey, connections, manyAddresses: true }));
  const otherCalls: Record<OtherCall, SubjectDefinition> = { verify, "signing keys": signingKeys };
  for (const definition of definitions.filter(({ name }) => name.includes(only))) {
    const yardsticks = definition.against.map(({ yardstick }) =>
      yardstick in otherCalls
        ? loadOf(otherCalls[yardstick as OtherCall], server, { apiKey, connections })
        : yardstickOf(yardstick as YardstickName, baseline, sample, connections)
    );
    const subject = loadOf(definition, server, { apiKey, connections });
    const underDefaultLimits = loadOf(definition, limited, { apiKey, connections, manyAddresses: true });
    const schedule = { rounds, seconds, warmUp: Math.max(2, Math.ceil(seconds * 0.8)) };
    const given = [
      ...(await definition.requests(1)).slice(-COMPARED),
      ...otherRequests(definition, sample),
    ];
    const [own, ...compared] = await Promise.all([
      measureInTurn([subject, ...yardsticks], schedule),
      compareAnswers(
        environment.db,
        { ...definition, url: server.url + definition.path, headers: headersFor(definition, apiKey) },
        given,
      ).then((found) => {
        answersCompared += given.length;
        differences.push(...found);
      }),
    ]).then(([rounds]) => rounds);
    const [withDefaultLimits] = await measureInTurn([underDefaultLimits], { ...schedule, rounds: 1 });
    const result: MeasuredSubject = {
      listener,
      name: definition.name,
      round: own,
      withDefaultLimits,
      maxP99: definition.maxP99 ?? null,
      maxAddedCpu: definition.maxAddedCpu ?? null,
      against: definition.against.map(({ yardstick, goal }, index): Comparison => ({
        yardstick,
        round: compared[index],
        byCpu: compared[index].cpu / own.cpu,
        byRate: own.requestsPerSecond / compared[index].requestsPerSecond,
        counts: yardstick === "constant" || yardstick in otherCalls ? "byCpu" : "byRate",
        goal: goal && goal[listener as "node" | "deno"],
      })),
    };
    measured.push(result);
    onMeasured(result);
  }
  const memoryMegabytes = Math.round(await server.memory() / 2 ** 20);
  for (const program of [baseline, limited, server]) await program.stop();
  return { subjects: measured, memoryMegabytes, answersCompared, differences };
}

/** Sends each request of a load once, so that what is measured later is not how the cache is filled. */
async function visitEvery(subject: Subject): Promise<void> {
  const load = await subject.prepare(1);
  for (let start = 0; start < load.requests.length;) {
    start += (await sendLoad({ ...load, start, seconds: 2 })).requests;
  }
}

export function headersFor({ hasKey }: SubjectDefinition, apiKey: string): Record<string, string> {
  return hasKey ? { "X-API-Key": apiKey } : {};
}

/** The load of a subject on a server. Its addresses go on from one round to the next. */
function loadOf(
  definition: SubjectDefinition,
  server: RunningProgram,
  options: { apiKey: string; connections: number; manyAddresses?: boolean },
): Subject {
  let round = 0;
  return {
    name: definition.name,
    program: server,
    async prepare(seconds) {
      return {
        url: server.url + definition.path,
        method: definition.method,
        headers: headersFor(definition, options.apiKey),
        requests: await definition.requests(seconds),
        start: round++ * 2 ** 16,
        manyAddresses: options.manyAddresses,
        connections: options.connections,
      };
    },
  };
}

function yardstickOf(
  name: YardstickName,
  baseline: RunningProgram,
  { keys, hardwareOf }: Sample,
  connections: number,
): Subject {
  const ids = Array.from({ length: 10_000 }, (_, n) => 1 + (n * 7919) % keys.length);
  const bodies: Record<YardstickName, () => LoadRequest[]> = {
    constant: () =>
      keys.slice(0, 10_000).map((key) => ({
        body: JSON.stringify({ license_key: key, hardware_hash: hardwareOf(key, 1), app_version: "1.0.0" }),
      })),
    select: () => ids.map((id) => ({ body: JSON.stringify({ id }) })),
    selectById: () => ids.map((id) => ({ path: `/selectById/${id}` })),
    insert: () => ids.map((id) => ({ body: JSON.stringify({ id }) })),
    hash: () => [{ body: JSON.stringify({ password: "a wrong password" }) }],
  };
  const load: Omit<Load, "seconds"> = {
    url: `${baseline.url}/${name}`,
    method: name === "selectById" ? "GET" : "POST",
    requests: bodies[name](),
    connections,
  };
  return { name, program: baseline, prepare: () => load };
}

/** Requests about licenses that may not be used, for the calls that answer with a validation result. */
export function otherRequests({ name }: SubjectDefinition, { otherKeys, hardwareOf }: Sample): LoadRequest[] {
  if (name !== "verify" && name !== "v1 validate") return [];
  const field = name === "verify" ? "hardware_hash" : "hardware_id";
  return otherKeys.slice(0, COMPARED).map((key) => ({
    body: JSON.stringify({ license_key: key, [field]: hardwareOf(key, 1) }),
  }));
}

/** The headers that the server sends with a validation result, but for those that the listener adds. */
async function headersOfVerify(server: RunningProgram, apiKey: string, { keys, hardwareOf }: Sample) {
  const response = await fetch(`${server.url}/api/license/verify`, {
    method: "POST",
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ license_key: keys[0], hardware_hash: hardwareOf(keys[0], 1) }),
  });
  await response.body?.cancel();
  const added = ["connection", "content-length", "date", "keep-alive", "transfer-encoding", "vary"];
  return Object.fromEntries([...response.headers].filter(([name]) => !added.includes(name)));
}
