// On a Redis Cluster masters are killed and frozen one after the other, and their replicas take over: verifications go on,
// limits on sign-ins hold, and what is recorded meanwhile is delivered.
import { setTimeout as delay } from "node:timers/promises";
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { makeLicense } from "../../support/fixtures.ts";
import { startReceiver } from "../../support/receiver.ts";
import { startRedisCluster } from "../../support/redis_cluster.ts";
import { eventually } from "../../support/test.ts";
import { countResults, post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { startSystem } from "../system.ts";

/** Sign-ins a minute of an address; two servers share them. */
const SIGN_INS = 4;
const PER_SECOND = 100;
/** How long each fault lasts, how often an event is recorded meanwhile, how long requests are sent before; milliseconds. */
const FAULT = 15_000;
const BETWEEN = 500;
const WARM_UP = 5000;
const MAX_P99 = 50;
/** How soon after a fault everything recorded in it is delivered; milliseconds. */
const DELIVERED_WITHIN = 30_000;
/** After which silence a replica takes over; milliseconds. */
const NODE_TIMEOUT = 2000;

export const row: TortureRow = {
  fault: "each master of a Redis Cluster of three, with replicas, killed and then one frozen, for 15 s",
  reach:
    "verify: 0 errors, p99 at most 50 ms; sign-ins: the limit, and half of it again in each process that " +
    "counts alone meanwhile; every event delivered",
  coveredBy: ["tests/worker/redis_cluster_test.ts"],
  when: "alone",
  async run() {
    const [system, cluster, receiver] = await Promise.all([
      startSystem("full"),
      startRedisCluster({ replicas: true, nodeTimeout: NODE_TIMEOUT, durable: true }),
      startReceiver(),
    ]);
    try {
      const { keys } = await loadLicenses(system.db, 100, 0, 10);
      const env = {
        REDIS_URL: cluster.url,
        RATE_LIMIT_AUTH: String(SIGN_INS),
        RATE_LIMIT_PUBLIC: "1000000",
        TRUSTED_PROXIES: "127.0.0.1",
      };
      const servers = await Promise.all([system.startServer({ env }), system.startServer({ env })]);
      await Promise.all([system.startWorker({ env }), system.startWorker({ env })]);
      const { secret } = await createWebhook(
        await system.ctx(),
        { url: receiver.url, description: "", eventTypes: ["license.disabled"], headers: {} },
        readNetworks(["127.0.0.0/8"]),
      );
      receiver.secret = secret;
      for (const key of keys) {
        await post(`${servers[0].url}/api/license/activate`, system.headers, {
          license_key: key,
          hardware_hash: "machine",
        });
      }
      const changed = await makeLicense(await system.ctx());
      const record = async () => {
        const ctx = await system.ctx();
        for (const enabled of [false, true]) await setLicensesEnabled(ctx, { ids: [changed.id], enabled });
      };
      const undelivered = async (): Promise<number> => {
        const events = await system.db<{ uid: string }[]>`
          select uid
          from events
          where type = 'license.disabled'`;
        const arrived = new Set(receiver.received.map(({ id }) => id));
        return events.filter(({ uid }) => !arrived.has(uid)).length;
      };
      await record();
      await receiver.arrived(1, DELIVERED_WITHIN);

      let address = 0;
      /** The most sign-ins from one of twelve addresses that the limit does not refuse. */
      const signIns = async (): Promise<number> => {
        const admitted = Array(12).fill(0);
        await countResults(3, admitted.length, async (n) => {
          const from = `203.0.113.${++address}`;
          for (let call = 0; call < 2 * SIGN_INS; call++) {
            const { status } = await post(`${servers[call % 2].url}/api/admin/login`, {
              "content-type": "application/json",
              "x-forwarded-for": from,
            }, { email: `unknown-${from}@example.com`, password: "not the password" });
            if (status !== 429) admitted[n]++;
          }
          return "done";
        });
        return Math.max(...admitted);
      };

      const verify = () =>
        startSteadyLoad(
          PER_SECOND,
          (n) =>
            post(`${servers[n % 2].url}/api/license/verify`, system.headers, {
              license_key: keys[n % keys.length],
              hardware_hash: "machine",
            }),
        );
      // Processes that have just started are slow for a moment, which is not the cluster's doing.
      const warmUp = verify();
      await delay(WARM_UP);
      await warmUp.stop();

      const figures: Record<string, number | string> = {};
      let held = true;
      const faults = [
        ...cluster.masters.map((node, n) => ({
          name: `master ${n + 1} killed`,
          begin: () => node.kill(),
          end: () => node.start(),
        })),
        {
          name: "a master frozen",
          begin: () => Promise.resolve(Deno.kill(cluster.replicas[0].pid(), "SIGSTOP")),
          end: () => Promise.resolve(Deno.kill(cluster.replicas[0].pid(), "SIGCONT")),
        },
      ];
      for (const { name, begin, end } of faults) {
        await begin();
        const load = verify();
        const until = performance.now() + FAULT;
        const admitted = await signIns();
        while (performance.now() < until) {
          await record();
          await delay(BETWEEN);
        }
        const { statuses, p99, failures } = await load.stop();
        // The replica has taken over by now: everything is delivered although the master is still away.
        const ended = performance.now();
        await eventually(async () => await undelivered() === 0, DELIVERED_WITHIN).catch(() => {});
        const lost = await undelivered();
        await end();
        await eventually(cluster.isWhole, DELIVERED_WITHIN);
        Object.assign(figures, {
          [`${name}: answers`]: JSON.stringify(statuses),
          [`${name}: p99 ms`]: p99,
          [`${name}: most sign-ins admitted from an address`]: admitted,
          [`${name}: s until all are delivered`]: Math.round((performance.now() - ended) / 100) / 10,
          [`${name}: events not delivered`]: lost,
        });
        if (failures.length > 0) figures[`${name}: failures`] = failures.slice(0, 3).join("\n");
        held &&= Object.keys(statuses).join() === "200" && p99 <= MAX_P99 && lost === 0 &&
          // While the node is away each process alone admits half of the limit, and the cluster the rest.
          admitted <= SIGN_INS + 2 * SIGN_INS / 2;
      }
      figures["deliveries whose signature is wrong"] = receiver.refused;
      return { held: held && receiver.refused === 0, figures };
    } finally {
      await system.stop();
      await receiver.stop();
      await cluster.stop();
    }
  },
};
