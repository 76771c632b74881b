// `deno task bench:webhooks`: webhook throughput, on its own PostgreSQL and Redis with durable writes. First 10,000
// events through one worker; then 10,000 more while the worker is killed five times and the receiver answers 503 to the
// first attempt of one event in ten.
import { join, resolve } from "node:path";
import { connect } from "../../db/connect.ts";
import { startPostgres } from "../../db/embedded/postgres.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { migrate } from "../../db/migrate.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { readNetworks } from "../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../server/domain/webhooks/manage.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { eventsOfTests, recordManyEvents } from "../support/many_events.ts";
import { type ResponseHandler, startReceiver } from "../support/receiver.ts";
import { testSecrets } from "../support/secrets.ts";
import { spawnWorker } from "../support/worker.ts";

const EVENTS = 10_000;
const KILLS = 5;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const folder = await Deno.makeTempDir({ prefix: "latchkey-bench-" });
const [postgres, redis] = await Promise.all([
  startPostgres({ dir: join(folder, "postgres") }),
  startRedis({ dir: join(folder, "redis"), installDir: resolve(".data/programs") }),
]);
let failed = false;
try {
  const db = connect(postgres.url, { max: 4, name: "bench" });
  await migrate(db);
  const stores = { databaseUrl: postgres.url, redisUrl: redis.url, db };
  const ctx = () => systemContext(db, "bench", new Date(), createCipher(testSecrets.ENCRYPTION_KEY));

  const deliverAll = async (respond: ResponseHandler, disturb: () => Promise<void>) => {
    const receiver = await startReceiver(respond);
    const terms = { url: receiver.url, description: "Bench", eventTypes: [eventsOfTests], headers: {} };
    const { row, secret } = await createWebhook(await ctx(), terms, readNetworks(["127.0.0.0/8"]));
    receiver.secret = secret;
    const began = performance.now();
    const expected = await recordManyEvents(await ctx(), EVENTS);
    const writeTime = performance.now() - began;
    await disturb();
    const disturbedUntil = performance.now();
    const ids = () => new Set(receiver.received.map(({ id }) => id));
    const waiting = async () => {
      const [{ count }] = await db<{ count: number }[]>`
        select count(*) as count from webhook_deliveries where webhook_id = ${row.id} and delivered_at is null`;
      return count;
    };
    while (performance.now() - began < 120_000 && (ids().size < EVENTS || await waiting() > 0)) {
      await pause(50);
    }
    const lost = expected.filter((id) => !ids().has(id)).length;
    const last = Math.max(...receiver.received.map(({ at }) => at));
    await db`update webhooks set is_active = false, disabled_reason = 'person' where id = ${row.id}`;
    await receiver.stop();
    failed ||= lost > 0 || await waiting() > 0 || receiver.refused > 0;
    return {
      lost,
      seconds: (last - began) / 1000,
      written: writeTime / 1000,
      requests: receiver.received.length,
      unverified: receiver.refused,
      afterRestart: (last - disturbedUntil) / 1000,
      stranded: await waiting(),
    };
  };

  let worker = spawnWorker(stores);
  await pause(2000);
  console.log(`${EVENTS} events through one worker`);
  console.log(await deliverAll((response) => void response.writeHead(204).end(), () => Promise.resolve()));

  const seen = new Set<string>();
  console.log(
    `${EVENTS} events, the worker killed ${KILLS} times, the first attempt of one in ten answered 503`,
  );
  console.log(
    await deliverAll((response, { id }) => {
      const refused = !seen.has(id) && parseInt(id.slice(-4), 16) % 10 === 0;
      seen.add(id);
      response.writeHead(refused ? 503 : 204).end();
    }, async () => {
      for (let n = 0; n < KILLS; n++) {
        // In the middle of deliveries: after each sixth of them.
        const reached = ((n + 1) * EVENTS) / (KILLS + 1);
        while (seen.size < reached) await pause(10);
        await worker.kill();
        worker = spawnWorker(stores);
      }
    }),
  );
  await worker.stop();
  await db.end();
} finally {
  await Promise.allSettled([postgres.stop(), redis.stop()]);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}
Deno.exit(failed ? 1 : 0);
