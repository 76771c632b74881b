// Tables that are damaged, that unfold without bound or that never end, many at once, while apps verify their licenses.
import { fileURLToPath } from "node:url";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { createAdministrator } from "../../../server/domain/administrators/create.ts";
import { createTestSession } from "../../support/administrators.ts";
import { row as workbookRow, workbook } from "../../support/zip.ts";
import { post } from "../answers.ts";
import { startWithPriority } from "../beside.ts";
import type { Program } from "../programs.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { type RealSystem, startBreakableSystem } from "../system.ts";
import type { UploadReport } from "../upload_clients.ts";

const CLIENTS = 50;
/** Uploads of each client, one after the other. */
const ROUNDS = 3;
const MAX_SECONDS = 10;
const MAX_MORE_MEMORY = 50e6;
const MAX_P99 = 50;
/** Of the clients, as for `nice`: they stand for other machines, which take no processor from the server. */
const CLIENT_PRIORITY = 10;

export const row: TortureRow = {
  fault: "damaged, bomb-like and endless uploads, 50 at once",
  reach:
    "400 within 10 s; memory of the server + 50 MB at most; nothing left on disk; other calls' p99 ≤ 50 ms",
  coveredBy: ["tests/rest/upload_test.ts", "tests/rest/import_files_test.ts"],
  when: "alone",
  async run() {
    const system = await startBreakableSystem();
    try {
      return await attack(system);
    } finally {
      await system.stop();
    }
  },
};

async function attack(system: RealSystem) {
  const { keys, hardwareOf } = await loadLicenses(system.db, 1000, 1);
  const temporary = await Deno.makeTempDir({ prefix: "latchkey-torture-" });
  const server = await system.startServer({ env: { TMPDIR: temporary } });
  const ctx = await system.ctx();
  const { id } = await createAdministrator(ctx, {
    email: "manager@example.com",
    name: "Manager",
    role: "manager",
    password: "correct horse battery",
  });
  const { token } = await createTestSession(ctx, id);

  const startLoad = (perSecond: number) =>
    startSteadyLoad(perSecond, (n) => {
      const key = keys[n % keys.length];
      return post(`${server.url}/api/license/verify`, system.headers, {
        license_key: key,
        hardware_hash: hardwareOf(key, 1),
      });
    });
  // The memory and the speed of a server at work, not of one that has just started.
  const warmUp = startLoad(300);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await warmUp.stop();
  const quiet = startLoad(100);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { p99: quietP99 } = await quiet.stop();
  // Of the memory that the first table takes most is code, which stays.
  const memoryAlone = await server.memory();
  const first = await importTable(server.url, token);
  const load = startLoad(100);
  const delaysBefore = await delaysOf(server);
  const before = await server.memory();
  let most = before;
  const timer = setInterval(async () => most = Math.max(most, await server.memory()), 50);
  const { answers, slowest } = await sendUploads(server.url, token);
  clearInterval(timer);
  const { p99, statuses, longest } = await load.stop();
  const delays = await delaysOf(server);
  const [{ files }] = await system.db<{ files: number }[]>`
    select count(*) as files
    from job_chunks`;
  const left = [...Deno.readDirSync(temporary)].length;
  await server.stop();
  await Deno.remove(temporary, { recursive: true });
  return {
    // An endless body is refused while it is being sent, which a client may see as a closed connection.
    held: Object.keys(answers).every((answer) => / (400|413)$|endless \w+: closed$/.test(answer)) &&
      slowest <= MAX_SECONDS * 1000 && most - before <= MAX_MORE_MEMORY && p99 <= MAX_P99 && left === 0 &&
      files === 0 && first === 200 && Object.keys(statuses).join() === "200",
    figures: {
      ...answers,
      "slowest answer ms": slowest,
      "memory of the first table, once, MB": Math.round((before - memoryAlone) / 1e6),
      "memory before MB": Math.round(before / 1e6),
      "more memory at most MB": Math.round((most - before) / 1e6),
      "p99 of verify ms": p99,
      "longest verify ms": longest,
      "p99 of verify before the uploads ms": quietP99,
      "late timers of the server": describeDelays(delaysBefore, delays),
      "answers to verify": JSON.stringify(statuses),
      "files left": left + files,
    },
  };
}

/** Imports a small table, as a server at work has done. Returns the status of the answer. */
async function importTable(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/leads/import?dry_run=1`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    body: workbook(workbookRow("Name") + workbookRow("A")),
  });
  await response.body?.cancel();
  return response.status;
}

/** How many timers of the server were at most so late, by seconds. */
async function delaysOf({ url }: Program): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.matchAll(/^latchkey_event_loop_delay_seconds_bucket\{le="([^"]+)"\} (\d+)/gm);
  return new Map([...lines].map(([, bound, count]) => [bound, Number(count)]));
}

/** Timers that were later than 25, 50 and 100 ms, of all. */
function describeDelays(before: Map<string, number>, after: Map<string, number>): string {
  const until = (bound: string) => (after.get(bound) ?? 0) - (before.get(bound) ?? 0);
  const all = until("+Inf");
  return ["0.025", "0.05", "0.1"].map((bound) => `${all - until(bound)} above ${Number(bound) * 1000} ms`)
    .concat(`${all} in all`).join(", ");
}

async function sendUploads(url: string, token: string): Promise<UploadReport> {
  const program = fileURLToPath(new URL("../upload_clients.ts", import.meta.url));
  const { stdout } = await startWithPriority(
    CLIENT_PRIORITY,
    ["run", "-A", "--quiet", "--no-check", program, url, token, String(CLIENTS), String(ROUNDS)],
    { stdout: "piped" },
  ).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}
