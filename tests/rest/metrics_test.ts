// Every metric has a test that moves it, and stays bounded whatever clients send. A metric without an entry here fails.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Queue } from "bullmq";
import { createApp } from "../../server/app.ts";
import { methods } from "../../server/request/metrics.ts";
import { stdoutWriter } from "../../server/request/log_writer.ts";
import { uploadQueue } from "../../server/admin/upload.ts";
import { passwordQueue } from "../../server/domain/passwords/password_hash.ts";
import { QUEUE_PREFIX } from "../../server/domain/monitoring/queues.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import type { WorkQueue } from "../../server/domain/work_queue.ts";
import { sourceOf } from "../rules/source.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense } from "../support/fixtures.ts";
import { type Act, type Move, type Program, systemMoves } from "../support/metric_moves.ts";
import { startReceiver } from "../support/receiver.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { startTestWorker } from "../support/worker.ts";

const server = await startTestServer();
const worker = await startTestWorker(server);
const viewer = await makeAdministrator(server, "viewer");
const license = await makeLicense(await server.ctx());
const machine = { license_key: license.key, hardware_hash: "machine" };

async function read(program: Program): Promise<string> {
  const url = program === "server" ? server.url : `http://127.0.0.1:${worker.metricsPort}`;
  return await (await fetch(`${url}/metrics`)).text();
}

/** The value of a series; 0 where there is none yet. */
function valueOf(metrics: string, series: string): number {
  const line = metrics.split("\n").find((line) => line.startsWith(`${series} `));
  return line ? Number(line.slice(series.length + 1)) : 0;
}

const waitForMetrics = 10_000;
const queue = new Queue("events", { connection: { url: server.redisUrl }, prefix: QUEUE_PREFIX });
const openStreams: AbortController[] = [];
async function openStream(): Promise<Response> {
  const leave = new AbortController();
  openStreams.push(leave);
  return await fetch(`${server.url}/trpc/events.feed?input=%7B%7D`, {
    headers: { authorization: `Bearer ${viewer.token}` },
    signal: leave.signal,
  });
}
const closeStreams = () => openStreams.splice(0).forEach((stream) => stream.abort());

/** Occupies a queue until it is released. */
function occupy(queue: WorkQueue, items: number) {
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const work = Array.from({ length: items }, () => queue.run(() => held).catch(() => {}));
  return async () => {
    release();
    await Promise.all(work);
  };
}

/** A series of both programs that has this value from the start on. */
const both = (series: string, isRight: (value: number) => boolean): Move[] => [
  { programs: ["server", "worker"], series, act: () => {}, moves: (_before, value) => isRight(value) },
];

let end: Act = () => {};

const table: Record<string, Move[]> = {
  ...systemMoves(server),
  latchkey_log_lines_dropped_total: [{
    programs: ["server", "worker"],
    series: "latchkey_log_lines_dropped_total",
    act: () => stdoutWriter().write("\n".repeat(9_000_000)),
  }],
  latchkey_api_requests_logged_total: [{
    programs: ["server"],
    series: 'latchkey_api_requests_logged_total{result="kept"}',
    act: () => server.get("/api/license/info/none").then(server.server.services.apiRequests.flush),
  }],
  latchkey_http_request_duration_seconds: [{
    programs: ["server"],
    series: 'latchkey_http_request_duration_seconds_count{method="GET",route="/health",status="200"}',
    act: () => server.get("/health"),
  }],
  latchkey_validations_total: [
    ["NOT_ACTIVATED", () => server.post("/api/license/verify", { ...machine, hardware_hash: "unknown" })],
    ["VALID", async () => {
      await server.post("/api/license/activate", machine);
      await server.post("/api/license/verify", machine);
    }],
  ].map(([code, act]) => ({
    programs: ["server"],
    series: `latchkey_validations_total{code="${code}"}`,
    act: act as Act,
  })),
  latchkey_cache_entries: [{
    programs: ["server"],
    series: "latchkey_cache_entries",
    async act() {
      const { key } = await makeLicense(await server.ctx());
      const other = { license_key: key, hardware_hash: "machine" };
      await server.post("/api/license/activate", other);
      for (let n = 0; n < 3; n++) await server.post("/api/license/verify", other);
    },
  }],
  latchkey_cache_lookups_total: ["hit", "miss"].map((result) => ({
    programs: ["server"],
    series: `latchkey_cache_lookups_total{result="${result}"}`,
    async act() {
      const { key } = await makeLicense(await server.ctx());
      await eventually(async () => {
        await server.post("/api/license/verify", { license_key: key, hardware_hash: "machine" });
        return true;
      });
      await server.post("/api/license/verify", { license_key: key, hardware_hash: "machine" });
    },
  })),
  latchkey_database_pool: [
    ["busy", (before: number, after: number) => after > before],
    ["idle", (before: number, after: number) => after < before],
    ["waiting", (before: number, after: number) => after > before],
  ].map(([state, moves]) => ({
    programs: ["server"],
    series: `latchkey_database_pool{state="${state}"}`,
    moves: moves as Move["moves"],
    act() {
      const { db } = server.server.services;
      const sleeping = Array.from({ length: 15 }, () => db`select pg_sleep(0.5)`.execute());
      const transactions = Array.from({ length: 15 }, () => db.begin((tx) => tx`select pg_sleep(0.5)`));
      end = () => Promise.all([...sleeping, ...transactions]);
    },
    end: () => end(),
  })),
  latchkey_event_streams: [{
    programs: ["server"],
    series: "latchkey_event_streams",
    act: openStream,
    end: closeStreams,
  }],
  latchkey_event_streams_dropped_total: [{
    programs: ["server"],
    series: "latchkey_event_streams_dropped_total",
    // What the operating system keeps for a reader hides for minutes that it does not read.
    act: () => server.server.services.streams.countDropped(),
  }],
  latchkey_event_streams_refused_total: [{
    programs: ["server"],
    series: "latchkey_event_streams_refused_total",
    act: () => Promise.all(Array.from({ length: 25 }, openStream)),
    end: closeStreams,
  }],
  latchkey_work_queue: [
    ["passwords", passwordQueue, 10],
    ["uploads", uploadQueue, 10],
  ].flatMap(([queue, instance, items]) =>
    ["running", "waiting"].map((state) => ({
      programs: ["server"] as Program[],
      series: `latchkey_work_queue{queue="${queue}",state="${state}"}`,
      act: () => void (end = occupy(instance as WorkQueue, items as number)),
      end: () => end(),
    }))
  ),
  latchkey_work_queue_refused_total: [{
    programs: ["server"],
    series: 'latchkey_work_queue_refused_total{queue="uploads"}',
    act: () => void (end = occupy(uploadQueue, 100)),
    end: () => end(),
  }],
  latchkey_event_loop_delay_seconds: [{
    programs: ["server"],
    series: "latchkey_event_loop_delay_seconds_sum",
    act() {
      const until = performance.now() + 300;
      let text = "";
      while (performance.now() < until) text = createHash("sha256").update(text).digest("hex");
    },
    moves: (before, after) => after - before > 0.05,
  }],
  latchkey_build_info: both(
    `latchkey_build_info{version="${JSON.parse(sourceOf("deno.json")).version}"}`,
    (value) => value === 1,
  ),
  latchkey_process_resident_memory_bytes: both("latchkey_process_resident_memory_bytes", (n) => n > 1e6),
  latchkey_job_duration_seconds: [{
    programs: ["worker"],
    series: 'latchkey_job_duration_seconds_count{queue="events",job="relay_events",result="done"}',
    act: () => {},
  }],
  latchkey_queue_jobs: [{
    programs: ["worker"],
    series: 'latchkey_queue_jobs{queue="events",state="delayed"}',
    act: () => queue.add("unknown", {}, { delay: 3_600_000 }),
    end: () => queue.close(),
  }],
  latchkey_clock_difference_seconds: both("latchkey_clock_difference_seconds", (n) => Math.abs(n) < 1),
  latchkey_webhook_attempt_duration_seconds: [{
    programs: ["worker"],
    series: 'latchkey_webhook_attempt_duration_seconds_count{status="204"}',
    async act() {
      const receiver = await startReceiver();
      await createWebhook(
        await server.ctx(),
        { url: receiver.url, description: "", eventTypes: ["license.created"], headers: {} },
        readNetworks(["127.0.0.0/8"]),
      );
      await makeLicense(await server.ctx());
      await receiver.arrived(1, 15_000);
      end = () => receiver.stop();
    },
    end: () => end(),
  }],
};

/** The names in a text of metrics. */
function namesIn(metrics: string): string[] {
  return [...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
}

test("every metric of server and worker has an entry in this table and in docs/metrics.md, and no other has", async () => {
  const names = [...new Set([...namesIn(await read("server")), ...namesIn(await read("worker"))])].sort();
  assert.deepEqual(names, Object.keys(table).sort());
  const described = [...sourceOf("docs/metrics.md").matchAll(/^\| `(latchkey_\w+)`/gm)].map(([, name]) =>
    name
  );
  assert.deepEqual(described.toSorted(), names);
});

for (const [name, moves] of Object.entries(table)) {
  for (
    const { programs, series, act, moves: isMove = (before: number, after: number) => after > before, end }
      of moves
  ) {
    for (const program of programs) {
      test(`${series} of the ${program} moves`, async () => {
        assert.ok(series.startsWith(name));
        const before = valueOf(await read(program), series);
        await act();
        try {
          await eventually(async () => isMove(before, valueOf(await read(program), series)), waitForMetrics);
        } finally {
          await end?.();
        }
      });
    }
  }
}

test("what ended is not counted as open any more", async () => {
  await eventually(async () => {
    const metrics = await read("server");
    return ["latchkey_event_streams", 'latchkey_database_pool{state="waiting"}'].every((series) =>
      valueOf(metrics, series) === 0
    ) && !/^latchkey_work_queue\{.*\} [1-9]/m.test(metrics);
  });
});

test("20,000 invented methods, paths and hosts add nothing to the metrics", async () => {
  const app = createApp(server.server.services, server.config);
  const invent = (n: number) => createHash("sha256").update(String(n)).digest("hex").slice(0, 12);
  const send = async (from: number, count: number) => {
    for (let n = from; n < from + count; n++) {
      const path =
        [`/${invent(n)}`, `/trpc/${invent(n)}.${invent(n + 1)}`, `/api/license/${invent(n)}/x`][n % 3];
      const method = n % 2 === 0 ? `X${invent(n)}` : "GET";
      const response = await app.fetch(new Request(`http://${invent(n)}.example${path}`, { method }), {
        peer: `10.${n % 250}.1.1`,
      });
      assert.ok(response.status < 500, `${method} ${path}: ${response.status}`);
    }
  };
  await send(0, 100);
  const before = await read("server");
  await send(100, 20_000);
  const after = await read("server");
  assert.ok(after.length < before.length + 2000, `${before.length} became ${after.length} characters`);
  const refused = 'latchkey_http_request_duration_seconds_count{method="OTHER",route="unknown",status="404"}';
  assert.ok(valueOf(after, refused) > 1000);
  for (const [, method] of after.matchAll(/method="(\w+)"/g)) {
    assert.ok([...methods, "OTHER"].some((known) => known === method), method);
  }
});

test("what a label does not list is counted as other", () => {
  const { metrics } = server.server.services;
  for (let n = 0; n < 1000; n++) metrics.route(`M${n}`, `/invented/${n}`)(n, 1);
  return read("server").then((text) => {
    assert.match(text, /method="other",route="other",status="other"/);
    assert.doesNotMatch(text, /invented|M999/);
  });
});

test("server and worker stop without an error", async () => {
  await worker.stop();
  await server.stop();
});
