// Two servers and two workers, as on two machines, on one PostgreSQL and one Redis: they count together, hear of each other's
// changes, share the deliveries, and one of each is enough when the others are lost.
import { setTimeout as delay } from "node:timers/promises";
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { eventsOfTests, recordManyEvents } from "../../support/many_events.ts";
import { startReceiver } from "../../support/receiver.ts";
import { eventually } from "../../support/test.ts";
import { answerOf, countResults, post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const LIMIT = 5;
const LICENSES = 400;
const EVENTS = 2000;
/** Requests a minute from an address. */
const PUBLIC = 100;
/** Within which every process refuses a license that was disabled; milliseconds. */
const HEARD_WITHIN = 1000;

export const row: TortureRow = {
  fault: "two servers and two workers on one PostgreSQL and one Redis, then one of each killed (SIGKILL)",
  reach:
    "activation and rate limits exact over both; a disabled license refused by both within 1 s; every event " +
    "delivered once, and at least once after the kill; the others go on",
  coveredBy: [
    "tests/domain/races_test.ts",
    "tests/rest/limits_test.ts",
    "tests/rest/cache_test.ts",
    "tests/worker/webhook_faults_test.ts",
  ],
  async run() {
    const [system, receiver] = await Promise.all([startSystem("full"), startReceiver()]);
    try {
      const { keys } = await loadLicenses(system.db, LICENSES, 0, LIMIT);
      const terms = { url: receiver.url, description: "", eventTypes: [eventsOfTests], headers: {} };
      const { secret } = await createWebhook(await system.ctx(), terms, readNetworks(["127.0.0.0/8"]));
      receiver.secret = secret;
      const env = { TRUSTED_PROXIES: "127.0.0.1", RATE_LIMIT_PUBLIC: String(PUBLIC) };
      const [servers, workers] = await Promise.all([
        Promise.all([system.startServer({ env }), system.startServer({ env })]),
        Promise.all([system.startWorker(), system.startWorker()]),
      ]);
      const call = (n: number, path: string, body: object, address = `198.51.${n >> 8 & 255}.${n & 255}`) =>
        post(`${servers[n % 2].url}/api/license/${path}`, {
          ...system.headers,
          "x-forwarded-for": address,
        }, body);

      // Four times as many machines as there may be.
      const activations = await countResults(
        32,
        LICENSES * LIMIT * 4,
        async (n) =>
          await answerOf(
            await call(n, "activate", { license_key: keys[n % LICENSES], hardware_hash: `machine ${n}` }),
          ),
      );
      const [{ active }] = await system.db<{ active: number }[]>`
        select count(*) as active
        from activations
        where is_active`;

      const limited = await countResults(
        20,
        PUBLIC * 2,
        async (n) =>
          await answerOf(
            await call(n, "verify", { license_key: keys[0], hardware_hash: "machine 0" }, "203.0.113.1"),
          ),
      );

      // One server disables; how long the other one still says yes.
      const heard: number[] = [];
      for (let n = 0; n < 20; n++) {
        const [{ id, key, hardwareId }] = await system.db<{ id: number; key: string; hardwareId: string }[]>`
          select l.id, l.key, a.hardware_id
          from licenses l
          join activations a on a.license_id = l.id and a.is_active
          where l.is_active
          order by l.id desc
          offset ${n}
          limit 1`;
        const machine = { license_key: key, hardware_hash: hardwareId };
        const isValid = async (server: number) =>
          (await (await call(server, "verify", machine, `192.0.2.${n}`)).json()).valid === true;
        if (!await isValid(0) || !await isValid(1)) throw new Error(`License ${id} is not valid.`);
        await setLicensesEnabled(await system.ctx(), { ids: [id], enabled: false });
        const changed = performance.now();
        await eventually(async () => !await isValid(0) && !await isValid(1), 5000);
        heard.push(performance.now() - changed);
        await setLicensesEnabled(await system.ctx(), { ids: [id], enabled: true });
        await delay(20);
      }

      const disabled = receiver.received.length;
      const missing = (wanted: string[]) => {
        const arrived = new Set(receiver.received.map(({ id }) => id));
        return wanted.filter((id) => !arrived.has(id)).length;
      };
      const together = await recordManyEvents(await system.ctx(), EVENTS);
      await eventually(() => Promise.resolve(missing(together) === 0), 60_000);
      const wanted = new Set(together);
      const sentTwice = receiver.received.filter(({ id }) => wanted.has(id)).length - together.length;

      const alone = await recordManyEvents(await system.ctx(), EVENTS);
      await receiver.arrived(disabled + EVENTS + EVENTS / 4, 60_000);
      await Promise.all([servers[1].kill(), workers[1].kill()]);
      const survivor = await countResults(
        8,
        200,
        async (n) =>
          await answerOf(
            await call(2 * n, "verify", { license_key: keys[1], hardware_hash: "machine 1" }, `192.0.2.${n}`),
          ),
      );
      await eventually(() => Promise.resolve(missing(alone) === 0), 90_000).catch(() => {});
      const slowest = Math.round(Math.max(...heard));
      return {
        held: active === LICENSES * LIMIT && activations["201"] === active && limited["200"] === PUBLIC &&
          slowest <= HEARD_WITHIN && sentTwice === 0 && missing(alone) === 0 && survivor["200"] === 200 &&
          receiver.refused === 0,
        figures: {
          activations: JSON.stringify(activations),
          "active machines": active,
          "the most there may be": LICENSES * LIMIT,
          "answers to one address": JSON.stringify(limited),
          "ms until both refuse a disabled license, at most": slowest,
          "events delivered by both workers": together.length,
          "of them delivered twice": sentTwice,
          "not delivered after the kill": missing(alone),
          "answers of the server that is left": JSON.stringify(survivor),
          "deliveries whose signature is wrong": receiver.refused,
        },
      };
    } finally {
      await system.stop();
      await receiver.stop();
    }
  },
};
