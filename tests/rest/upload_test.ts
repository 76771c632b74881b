// Uploads that are broken, hostile or many: each is answered, none holds a database connection, none stays behind.
import assert from "node:assert/strict";
import { connect } from "node:net";
import manifest from "../../deno.json" with { type: "json" };
import { unannouncedUploadQueue, uploadQueue } from "../../server/admin/upload.ts";
import { cancelJob, getJob, requestJob, storeFile } from "../../server/domain/jobs/job.ts";
import { claimJob, failJob, finishJob, renewLease, saveProgress } from "../../server/domain/jobs/lease.ts";
import { LeaseLost } from "../../server/domain/lease.ts";
import { runImportJob } from "../../server/domain/imports/run_import.ts";
import { importedLeads } from "../../server/domain/leads/imported_leads.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { realTime } from "../support/real_time.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";
import { row, workbook } from "../support/zip.ts";

const server = await startTestServer();
const { token, id: administratorId } = await makeAdministrator(server, "manager");
const M = 1024 * 1024;

function send(body: BodyInit, type: string): Promise<Response> {
  return fetch(`${server.url}/leads/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-type": type },
    body,
  });
}

const part = (disposition: string, content: string, headers = "") =>
  `--B\r\nContent-Disposition: form-data; ${disposition}${headers}\r\n\r\n${content}\r\n`;
const file = part('name="file"; filename="a.csv"', "Name\nA");
const manyHeaders = Array.from({ length: 5000 }, (_, n) => `\r\nX-Header-${n}: value`).join("");
const form = "multipart/form-data; boundary=B";

test("A form is read whatever its order of parts, names and quotes", async () => {
  for (
    const body of [
      `${file}--B--\r\n`,
      `preamble\r\n${file}--B--\r\nepilogue`,
      `${part('name="a \\"quoted\\" name"; filename="\\"b\\".csv"', "Name\nA")}--B--`,
      `${part('name="file"', "Name\nA")}--B--\r\n`,
      `${part('name="other"', "x")}${part('filename="a.csv"; name=upload', "Name\nA")}--B--\r\n`,
    ]
  ) {
    const reply = await send(body, form);
    assert.equal(reply.status, 200, `${body}: ${await reply.clone().text()}`);
    assert.equal((await reply.json()).imported, 1);
  }
  const spaced = await send(`${file.replace("--B", "--a b")}--a b--`, 'multipart/form-data; boundary="a b"');
  assert.equal(spaced.status, 200, await spaced.text());
});

test("A broken form is answered with what is wrong with it", async () => {
  const cut = file.slice(0, -6);
  for (
    const [body, reason, type = form] of [
      [cut, "cut_off"],
      [`--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"${manyHeaders}`, "cut_off"],
      [`${part('name="file"; filename="a"', "Name\nA", manyHeaders)}--B--`, "too_large"],
      [`--B\r\nContent-Disposition: form-data; name="file"${manyHeaders}--B--`, "cut_off"],
      ["", "cut_off"],
      ["Name\nA", "cut_off"],
      [file.replaceAll("--B", "--C") + "--C--", "cut_off"],
      [`${file}--B--`, "no_boundary", "multipart/form-data"],
      [`${file}--B--`, "no_boundary", `multipart/form-data; boundary=${"B".repeat(71)}`],
      ["--B--\r\n", "required"],
      [`${part('name="file"; filename=""', "")}--B--`, "required"],
      [`${part('name="mapping"', "{}")}--B--`, "required"],
      [`${file}${part('name="two"; filename="b.csv"', "x")}--B--`, "too_many"],
      [`${part('name="a"', "x").repeat(40)}--B--`, "too_many"],
      [`${part('name="mapping"', "x".repeat(70_000))}${file}--B--`, "too_long"],
      [`${part('filename="a.csv"', "Name\nA")}--B--`, "no_name"],
      [`--B\r\n\r\nName\nA\r\n--B--`, "no_name"],
      ["", "required", "text/csv"],
    ] as const
  ) {
    const reply = await send(body, type);
    const { error } = await reply.json();
    assert.deepEqual(
      [reply.status, error.details.reason],
      [400, reason],
      `${body.slice(0, 80)}: ${error.message}`,
    );
  }
});

test("A file that is too large is refused as soon as that is known", async () => {
  const announced = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", reject).once("data", (data) => {
      resolve(String(data).split("\r\n")[0]);
      socket.destroy();
    });
    socket.write(
      `POST /leads/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 99999999999\r\n\r\n`,
    );
  });
  assert.match(announced, /413/);
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(4 * M).fill(97)),
  });
  const endless = await send(pieces, "text/csv").then(({ status }) => status, () => 413);
  assert.equal(endless, 413, "the connection may be closed while the client still sends");
  // Without a Content-Length less is received, because its end is not known.
  const large = `--B\r\n${"a".repeat(5 * M)}`;
  assert.equal((await send(large, form)).status, 400, "it is received, and is no form");
  const unannounced = await send(new Blob([large]).stream(), form).then(({ status }) => status, () => 413);
  assert.equal(unannounced, 413);
});

test("Uploads that cannot be read hold no connection of the database, and the server answers meanwhile", async () => {
  const bomb = workbook(row("Name") + "<row/>".repeat(8_000_000));
  assert.ok(bomb.length < 500 * 1024 && bomb.length > 1000);
  const damaged = bomb.subarray(0, bomb.length / 2);
  const lying = workbook(row("Name") + "<row/>".repeat(200_000), { claimed: 1000 });
  const uploads = Promise.all(
    Array.from(
      { length: 50 },
      (_, n) => send((n < 4 ? lying : n < 20 ? bomb : damaged).slice(), "application/octet-stream"),
    ),
  );
  const health = await server.get("/health");
  assert.equal(health.status, 200);
  const [{ open }] = await server.db`
    select count(*)::integer as open
    from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`;
  assert.equal(open, 0);
  const replies = await uploads;
  for (const reply of replies) {
    const { error } = await reply.json();
    assert.equal(reply.status, 400, JSON.stringify(error));
    assert.ok(error.details.problem);
  }
  assert.equal((await send("Name\nAfterwards", "text/csv")).status, 200);
  // Nothing can stay on the disk: neither program may write to it.
  for (const name of ["server", "worker"] as const) assert.ok(!("write" in manifest.permissions[name]), name);
});

test("An upload too many is told when to come back", async () => {
  const others = Promise.withResolvers<void>();
  const running = Array.from({ length: 68 }, () => uploadQueue.run(() => others.promise));
  const reply = await send("Name\nA", "text/csv");
  assert.equal(reply.status, 503, await reply.clone().text());
  assert.ok(Number(reply.headers.get("retry-after")) > 0);
  assert.equal((await reply.json()).error.code, "OVERLOADED");
  others.resolve();
  await Promise.all(running);
  assert.equal((await send("Name\nA", "text/csv")).status, 200);
});

test("Of uploads that do not say how large they are two are received at a time, beside the others", async () => {
  const others = Promise.withResolvers<void>();
  const running = Array.from({ length: 66 }, () => unannouncedUploadQueue.run(() => others.promise));
  assert.deepEqual([unannouncedUploadQueue.running, unannouncedUploadQueue.waiting], [2, 64]);
  const unannounced = () => ReadableStream.from([new TextEncoder().encode("Name\nUnannounced")]);
  const refused = await send(unannounced(), "text/csv");
  assert.equal((await refused.json()).error.code, "OVERLOADED");
  assert.equal((await send("Name\nAnnounced", "text/csv")).status, 200);
  others.resolve();
  await Promise.all(running);
  assert.equal((await send(unannounced(), "text/csv")).status, 200);
});

async function importJob(content: Uint8Array): Promise<number> {
  const ctx = await server.ctx();
  const actor = { kind: "administrator", id: administratorId, name: "Ada", role: "manager" } as const;
  const { id } = await requestJob({ ...ctx, actor }, {
    kind: "import_leads",
    input: { dryRun: false },
    total: null,
  });
  const pieces = async function* () {
    yield await Promise.resolve(content);
  };
  await storeFile(ctx, id, pieces());
  return id;
}

test("A job with a damaged workbook fails once, with the reason, and the next one runs", async () => {
  const good = workbook(row("Name") + row("From a job"));
  const damaged = await importJob(good.slice(0, good.length / 2));
  const bomb = await importJob(workbook(row("Name") + "<row/>".repeat(8_000_000)));
  const next = await importJob(good);
  const ctx = await server.ctx();
  await runRequestedJobs(ctx, realTime);
  const states = await Promise.all([damaged, bomb, next].map((id) => getJob(ctx, id)));
  assert.deepEqual(states.map(({ state }) => state), ["failed", "failed", "done"]);
  assert.match(states[0].error!, /damaged or incomplete/);
  assert.match(states[1].error!, /unpacks to more than/);
  const later = await server.ctx(new Date(Date.now() + 10 * 60_000));
  assert.equal(await claimJob(later), null, "none is taken again");
  const [{ chunks }] = await server.db`select count(*)::integer as chunks from job_chunks`;
  assert.equal(chunks, 0, "their files are deleted");
});

test("A job is cancelled while its file is read", async () => {
  const id = await importJob(workbook(row("Name") + row("a").repeat(400_000)));
  const ctx = await server.ctx();
  const running = runRequestedJobs(ctx, realTime);
  await eventually(async () => (await getJob(ctx, id)).state === "running");
  await cancelJob(ctx, id);
  await running;
  assert.equal((await getJob(ctx, id)).state, "cancelled");
  const [{ count }] = await server.db`select count(*)::integer as count from institutions where name = 'a'`;
  assert.equal(count, 0);
});

test("A job whose workers die without progress fails in the end", async () => {
  const id = await importJob(workbook(row("Name") + row("a")));
  for (let n = 1; n <= 5; n++) {
    const claimed = await claimJob(await server.ctx(new Date(Date.now() + n * 120_000)));
    assert.equal(claimed?.job.id, id, `attempt ${n}`);
  }
  await runRequestedJobs(await server.ctx(new Date(Date.now() + 20 * 60_000)), realTime);
  const job = await getJob(await server.ctx(), id);
  assert.equal(job.state, "failed");
  assert.match(job.error!, /several times without progress/);
});

test("A job is taken up ten seconds after its worker was killed, and a worker that was only slow saves nothing", async () => {
  const at = async (seconds: number) => await server.ctx(new Date(Date.now() + seconds * 1000));
  const id = await importJob(workbook(row("Name") + row("Taken up")));
  const slow = (await claimJob(await at(0)))!.job;
  await renewLease(await at(0), slow, new Date(Date.now() + 1000));
  assert.equal(await claimJob(await at(7)), null, "it was renewed");
  const { job } = (await claimJob(await at(9)))!;
  assert.equal(job.id, id);
  const ctx = await at(9);
  for (
    const save of [
      () => renewLease(ctx, slow, ctx.now),
      () => saveProgress(ctx, slow, { done: 1, now: ctx.now }),
      () => finishJob(ctx, slow, {}, ctx.now),
      () => failJob(ctx, slow, "late", ctx.now),
      () => runImportJob(ctx, importedLeads, slow, () => ctx.now, new AbortController().signal),
    ]
  ) await assert.rejects(save, LeaseLost, String(save));
  const count = async () =>
    (await server.db`select count(*)::integer as count from institutions where name = 'Taken up'`)[0].count;
  assert.equal(await count(), 0, "its rows are undone");
  await runImportJob(ctx, importedLeads, job, () => ctx.now, new AbortController().signal);
  assert.deepEqual([await count(), (await getJob(ctx, id)).state], [1, "done"]);
});

test("A job is not failed by an outage of the database, but runs again", async () => {
  const id = await importJob(workbook(row("Name") + row("Outage")));
  const ctx = await server.ctx();
  const outage = Object.assign(new Error("write CONNECTION_CLOSED"), { code: "CONNECTION_CLOSED" });
  const db = new Proxy(ctx.db, {
    get: (db, name) => name === "begin" ? () => Promise.reject(outage) : Reflect.get(db, name),
  });
  await assert.rejects(runRequestedJobs({ ...ctx, db }, realTime), /CONNECTION_CLOSED/);
  assert.equal((await getJob(ctx, id)).state, "running");
  await runRequestedJobs(await server.ctx(new Date(Date.now() + 10_000)), realTime);
  assert.equal((await getJob(ctx, id)).state, "done");
});

test("The server stops although a client never finishes its upload", async () => {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `POST /leads/import HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${form}\r\n` +
      `Content-Length: 100000\r\n\r\n--B\r\n${manyHeaders.slice(0, 20_000)}`,
  );
  await eventually(() => Promise.resolve(socket.bytesWritten > 10_000));
  socket.destroy();
  await server.stop();
});
