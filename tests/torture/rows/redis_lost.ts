// Without Redis, with one that hangs or with one that was emptied, verifications go on, limits on sign-ins hold, and what is
// recorded meanwhile is delivered.
import { Redis } from "ioredis";
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { makeLicense } from "../../support/fixtures.ts";
import { startReceiver } from "../../support/receiver.ts";
import { eventually } from "../../support/test.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { startBreakableSystem } from "../system.ts";

/** Sign-ins a minute; two processes share them. */
const SIGN_INS = 4;
const PER_SECOND = 200;
/** How long each fault lasts, and how often an event is recorded meanwhile; milliseconds. */
const FAULT = 60_000;
const BETWEEN = 500;
const MAX_P99 = 50;
/** How soon after a fault everything recorded in it is delivered; milliseconds. */
const DELIVERED_WITHIN = 30_000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const row: TortureRow = {
  fault: "Redis down, hung (SIGSTOP) or emptied for 60 s at 200 requests a second",
  reach: "verify: 0 errors, p99 at most 50 ms; limits on sign-ins hold; every event still delivered",
  coveredBy: [
    "tests/worker/webhook_faults_test.ts",
    "tests/rest/administrator_limits_test.ts",
    "tests/rest/sign_in_limits_test.ts",
    "tests/rest/limits_test.ts",
  ],
  when: "alone",
  async run() {
    const system = await startBreakableSystem();
    const receiver = await startReceiver();
    try {
      const { keys } = await loadLicenses(system.db, 100, 0, 10);
      const env = {
        RATE_LIMIT_AUTH: String(SIGN_INS),
        RATE_LIMIT_PUBLIC: "1000000",
        TRUSTED_PROXIES: "127.0.0.1",
      };
      const servers = await Promise.all([system.startServer({ env }), system.startServer({ env })]);
      for (const key of keys) {
        await post(`${servers[0].url}/api/license/activate`, system.headers, {
          license_key: key,
          hardware_hash: "machine",
        });
      }
      const { secret } = await createWebhook(
        await system.ctx(),
        { url: receiver.url, description: "", eventTypes: ["license.disabled"], headers: {} },
        readNetworks(["127.0.0.0/8"]),
      );
      receiver.secret = secret;
      const changed = await makeLicense(await system.ctx());
      await system.startWorker();
      const record = async () => {
        const ctx = await system.ctx();
        await setLicensesEnabled(ctx, { ids: [changed.id], enabled: false });
        await setLicensesEnabled(ctx, { ids: [changed.id], enabled: true });
      };
      /** The ids of all recorded events that did not arrive. */
      const undelivered = async (): Promise<string[]> => {
        const events = await system.db<{ uid: string }[]>`
          select uid
          from events
          where type = 'license.disabled'`;
        const arrived = new Set(receiver.received.map(({ id }) => id));
        return events.map(({ uid }) => uid).filter((uid) => !arrived.has(uid));
      };
      // The worker is at work before anything happens to Redis.
      await record();
      await receiver.arrived(1, DELIVERED_WITHIN);
      let address = 0;
      /** How many of 20 sign-ins from an address are not refused by the limit. */
      const signIns = async (begun = 0): Promise<number> => {
        address++;
        const one = async (n: number) =>
          (await post(`${servers[n % 2].url}/api/admin/login`, {
            "content-type": "application/json",
            "x-forwarded-for": `203.0.113.${address}`,
          }, { email: "unknown@example.com", password: "not the password" })).status !== 429;
        let admitted = 0;
        for (let n = 0; n < 20; n++) {
          if (n === begun && begun > 0) await redisClient.flushall();
          if (await one(n)) admitted++;
        }
        return admitted;
      };
      const redisClient = new Redis(system.redisUrl);
      const figures: Record<string, number | string> = {};
      let held = true;
      const faults: Record<string, { begin(): Promise<unknown>; end(): Promise<unknown>; begun?: number }> = {
        emptied: { begin: () => redisClient.flushall(), end: () => Promise.resolve(), begun: 2 },
        hung: { begin: () => system.redis.signal("SIGSTOP"), end: () => system.redis.signal("SIGCONT") },
        down: {
          begin: () => (redisClient.disconnect(), system.redis.kill()),
          end: () => system.redis.start(),
        },
      };
      for (const [fault, { begin, end, begun }] of Object.entries(faults)) {
        await begin();
        const load = startSteadyLoad(
          PER_SECOND,
          (n) =>
            post(`${servers[n % 2].url}/api/license/verify`, system.headers, {
              license_key: keys[n % keys.length],
              hardware_hash: "machine",
            }),
        );
        const admitted = await signIns(begun);
        const until = performance.now() + FAULT;
        while (performance.now() < until) {
          await record();
          await pause(BETWEEN);
        }
        const { statuses, p99, failures } = await load.stop();
        const during = receiver.received.length;
        await end();
        const ended = performance.now();
        await eventually(async () => (await undelivered()).length === 0, DELIVERED_WITHIN).catch(() => {});
        const lost = (await undelivered()).length;
        figures[`${fault}: answers`] = JSON.stringify(statuses);
        figures[`${fault}: p99 ms`] = p99;
        figures[`${fault}: sign-ins admitted`] = admitted;
        figures[`${fault}: deliveries before its end`] = during;
        figures[`${fault}: s after it until all are delivered`] =
          Math.round((performance.now() - ended) / 100) /
          10;
        figures[`${fault}: events not delivered`] = lost;
        if (failures.length > 0) figures[`${fault}: failures`] = failures.slice(0, 3).join("\n");
        held &&= Object.keys(statuses).join() === "200" && p99 <= MAX_P99 && lost === 0 &&
          // Each process knows the count as of its own last sign-in.
          admitted <= SIGN_INS + (fault === "emptied" ? 1 : 0);
      }
      const [{ events }] = await system.db<{ events: number }[]>`
        select count(*) as events
        from events
        where type = 'license.disabled'`;
      const ids = new Set(receiver.received.map(({ id }) => id)).size;
      Object.assign(figures, {
        events,
        "ids delivered": ids,
        "deliveries whose signature is wrong": receiver.refused,
      });
      return { held: held && ids === events && receiver.refused === 0, figures };
    } finally {
      await system.redis.signal("SIGCONT");
      await system.stop();
      await receiver.stop();
    }
  },
};
