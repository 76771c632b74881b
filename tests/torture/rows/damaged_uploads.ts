// Tables that are damaged, that unfold without bound or that never end, many at once, while apps verify their licenses.
import { fileURLToPath } from "node:url";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { createAdministrator } from "../../../server/domain/administrators/create.ts";
import { createTestSession } from "../../support/administrators.ts";
import { post } from "../answers.ts";
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

export const row: TortureRow = {
  fault: "damaged, bomb-like and endless uploads, 50 at once",
  reach:
    "400 within 10 s; memory of the server + 50 MB at most; nothing left on disk; other calls' p99 ≤ 50 ms",
  coveredBy: ["tests/rest/upload_test.ts", "tests/rest/import_files_test.ts"],
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
  const load = startLoad(100);
  const before = await server.memory();
  let most = before;
  const timer = setInterval(async () => most = Math.max(most, await server.memory()), 50);
  const { answers, slowest } = await sendUploads(server.url, token);
  clearInterval(timer);
  const { p99, statuses } = await load.stop();
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
      files === 0 && Object.keys(statuses).join() === "200",
    figures: {
      ...answers,
      "slowest answer ms": slowest,
      "memory before MB": Math.round(before / 1e6),
      "more memory at most MB": Math.round((most - before) / 1e6),
      "p99 of verify ms": p99,
      "answers to verify": JSON.stringify(statuses),
      "files left": left + files,
    },
  };
}

async function sendUploads(url: string, token: string): Promise<UploadReport> {
  const program = fileURLToPath(new URL("../upload_clients.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", program, url, token, String(CLIENTS), String(ROUNDS)],
    stdout: "piped",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}
