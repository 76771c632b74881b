// Tables that are damaged, that unfold without bound or that never end, many at once, while apps verify their licenses.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { createAdministrator } from "../../../server/domain/administrators/create.ts";
import { createTestSession } from "../../support/administrators.ts";
import { row as workbookRow, workbook } from "../../support/zip.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { type RealSystem, startBreakableSystem } from "../system.ts";

const UPLOADS = 50;
const MAX_SECONDS = 10;
const MAX_MORE_MEMORY = 50e6;
const MAX_P99 = 50;

const bomb = workbook(workbookRow("Name") + "<row/>".repeat(8_000_000));
const multipart = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\nA';

/** A body that never ends, at some MB a second: the clients leave time to measure the other calls by. */
function endless(line: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(line.repeat(Math.ceil(200_000 / line.length)));
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(bytes);
    },
  });
}

const uploads: Record<string, () => { type: string; body: BodyInit }> = {
  "a workbook that unfolds": () => ({ type: "application/octet-stream", body: bomb.slice() }),
  "half of a workbook": () => ({ type: "application/octet-stream", body: bomb.slice(0, bomb.length / 2) }),
  "half of a form": () => ({ type: "multipart/form-data; boundary=B", body: multipart }),
  "an endless table": () => ({ type: "text/csv", body: endless("Name,City\nA,B\n") }),
  "an endless line": () => ({ type: "text/csv", body: endless("x") }),
};

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

  const load = startSteadyLoad(100, (n) => {
    const key = keys[n % keys.length];
    return post(`${server.url}/api/license/verify`, system.headers, {
      license_key: key,
      hardware_hash: hardwareOf(key, 1),
    });
  });
  // The memory of a server at work, not of one that has just started.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const before = await server.memory();
  let most = before;
  const timer = setInterval(async () => most = Math.max(most, await server.memory()), 50);

  const kinds = Object.entries(uploads);
  const answers: Record<string, number> = {};
  let slowest = 0;
  await Promise.all(Array.from({ length: UPLOADS }, async (_, n) => {
    const [name, make] = kinds[n % kinds.length];
    const { type, body } = make();
    const began = performance.now();
    const status = await fetch(`${server.url}/leads/import`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-type": type },
      body,
    }).then(async (response) => {
      await response.body?.cancel();
      return String(response.status);
    }, () => "closed");
    slowest = Math.max(slowest, performance.now() - began);
    const answer = `${name}: ${status}`;
    answers[answer] = (answers[answer] ?? 0) + 1;
  }));
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
      "slowest answer ms": Math.round(slowest),
      "memory before MB": Math.round(before / 1e6),
      "more memory at most MB": Math.round((most - before) / 1e6),
      "p99 of verify ms": p99,
      "answers to verify": JSON.stringify(statuses),
      "files left": left + files,
    },
  };
}
