// `deno task bench:webhooks [backlog]`: how fast one worker delivers, with durable writes, to a receiver in a process of its
// own: events as they are recorded, and a backlog (200,000 by default) that waited for it. The yardstick is the webhook
// client alone, which sends the same bodies without a database.
import process from "node:process";
import { freePort } from "../../db/embedded/free_port.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createWebhook, setWebhookEnabled } from "../../server/domain/webhooks/manage.ts";
import { createSigner } from "../../server/domain/webhooks/sign.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { createWebhookClient } from "../../worker/webhook_client.ts";
import { eventsOfTests, recordManyEvents } from "../support/many_events.ts";
import { testSecrets } from "../support/secrets.ts";
import { type RunningProgram, startEnvironment } from "./bench_environment.ts";

const BACKLOG = Number(Deno.args[0] ?? 200_000);
const RECORDED = Math.min(10_000, BACKLOG);
const CONNECTIONS = 64;
const local = readNetworks(["127.0.0.0/8"]);
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const environment = await startEnvironment();
let failed = false;
try {
  const { db } = environment;
  const ctx = () => systemContext(db, "bench", new Date(), createCipher(testSecrets.ENCRYPTION_KEY));
  const port = freePort();
  const url = `http://127.0.0.1:${port}/hooks`;
  const terms = { url, description: "Bench", eventTypes: [eventsOfTests], headers: {} };
  const { row, secret } = await createWebhook(await ctx(), terms, local);
  await environment.start("tests/bench/webhook_receiver.ts", [String(port), secret], port);
  const status = async (): Promise<{ received: number; unique: number; unverified: number }> =>
    await (await fetch(url)).json();
  const startWorker = () => {
    const metricsPort = freePort();
    return environment.start("worker/main.ts", [], metricsPort, {
      HOST: "127.0.0.1",
      WORKER_METRICS_PORT: String(metricsPort),
      DATABASE_URL: environment.databaseUrl,
      REDIS_URL: environment.redisUrl,
      WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8",
      LOG_LEVEL: "warn",
      ...testSecrets,
    });
  };

  /** Waits for this many deliveries and prints their rate since the first. */
  const measure = async (name: string, count: number, worker: Pick<RunningProgram, "cpu" | "memory">) => {
    const cpuBefore = await worker.cpu();
    while ((await status()).received === 0) await pause(5);
    const began = performance.now();
    let left = count;
    for (let waited = 0; left > 0 && waited < 600_000; waited += 50) {
      await pause(50);
      left = count - (await status()).unique;
    }
    const seconds = (performance.now() - began) / 1000;
    const cpu = (await worker.cpu() - cpuBefore) / count * 1e6;
    const { received, unverified } = await status();
    let waiting = count;
    for (let tries = 0; waiting > 0 && tries < 100; tries++) {
      await pause(50);
      [{ waiting }] = await db<{ waiting: number }[]>`
        select count(*) as waiting
        from webhook_deliveries
        where delivered_at is null and due_at is not null`;
    }
    failed ||= left > 0 || waiting > 0 || unverified > 0;
    console.log(name, {
      "a second": Math.round(count / seconds),
      seconds: Number(seconds.toFixed(1)),
      "worker CPU, µs each": Math.round(cpu),
      "worker memory, MB": Math.round(await worker.memory() / 1e6),
      lost: left,
      "sent twice": received - count,
      stranded: waiting,
      unverified,
    });
    await fetch(url, { method: "DELETE" });
  };

  const client = createWebhookClient(local);
  const sign = createSigner([secret]);
  const body = JSON.stringify({ event: eventsOfTests, timestamp: new Date(), data: { license_id: 12 } });
  for (let round = 0; round < 2; round++) {
    const began = performance.now();
    const before = process.cpuUsage();
    let left = RECORDED * 2;
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) {
        const headers = {
          "content-type": "application/json",
          ...sign({ id: crypto.randomUUID(), at: new Date(), body }),
        };
        await client.post({ url, headers, body });
      }
    }));
    const { user, system } = process.cpuUsage(before);
    if (round === 0) continue;
    console.log("the webhook client alone, signed, without a database", {
      "a second": Math.round(RECORDED * 2 / (performance.now() - began) * 1000),
      "CPU, µs each": Math.round((user + system) / RECORDED / 2),
    });
  }
  client.close();
  await fetch(url, { method: "DELETE" });

  let worker = await startWorker();
  await pause(1000);
  const delivered = measure(`${RECORDED} events while they are recorded`, RECORDED, worker);
  await recordManyEvents(await ctx(), RECORDED);
  await delivered;
  await worker.stop();

  // The fill is not measured: rows as the relay inserts them, for an endpoint that was disabled meanwhile.
  await setWebhookEnabled(await ctx(), row.id, false);
  await db`
    insert into events (type, occurred_at, actor_kind, subject_kind, subject_id, license_id, customer_id)
    select ${eventsOfTests}, now(), 'system', 'license', 1, 1, 1
    from generate_series(1, ${BACKLOG})`;
  await db`
    insert into webhook_deliveries (webhook_id, event_id, due_at, created_at)
    select ${row.id}, id, now(), now()
    from events
    where type = ${eventsOfTests} and actor_kind = 'system' and subject_id = 1
      and id > (select max(event_id) from webhook_deliveries)
    order by id`;
  await db`analyze webhook_deliveries, events`;
  worker = await startWorker();
  const drained = measure(`a backlog of ${BACKLOG}`, BACKLOG, worker);
  await setWebhookEnabled(await ctx(), row.id, true);
  await drained;
  await worker.stop();
} finally {
  await environment.stop();
}
Deno.exit(failed ? 1 : 0);
