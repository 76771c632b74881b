// Endpoints that take requests and never answer delay no other endpoint.
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../../support/fixtures.ts";
import { eventsOfTests } from "../../support/many_events.ts";
import { startReceiver } from "../../support/receiver.ts";
import { eventually } from "../../support/test.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

export const row: TortureRow = {
  fault: "200 webhook endpoints that hang beside a healthy one",
  reach: "what the healthy one receives is at most 500 ms late (p99); the others take few requests at a time",
  // Its figure is a time, which a machine that runs other tests cannot keep.
  coveredBy: ["tests/worker/webhooks_test.ts", "tests/domain/deliveries_test.ts"],
  when: "alone",
  async run() {
    const [hanging, events, between] = [200, 600, 100];
    const system = await startSystem("full");
    const local = readNetworks(["127.0.0.0/8"]);
    const silent = await startReceiver(() => {});
    const healthy = await startReceiver();
    try {
      const add = async (url: string) =>
        await createWebhook(await system.ctx(), {
          url,
          description: "",
          eventTypes: [eventsOfTests],
          headers: {},
        }, local);
      for (let n = 0; n < hanging; n++) await add(`${silent.url}/${n}`);
      healthy.secret = (await add(healthy.url)).secret;
      const { id } = await makeLicense(await system.ctx());
      await system.startWorker();
      const recorded: number[] = [];
      for (let n = 0; n < events; n++) {
        await setLicensesEnabled(await system.ctx(), { ids: [id], enabled: false });
        recorded.push(performance.now());
        await setLicensesEnabled(await system.ctx(), { ids: [id], enabled: true });
        await pause(between);
      }
      await eventually(() => Promise.resolve(healthy.received.length >= events), 30_000);
      const uids = await system.db<{ uid: string }[]>`
        select uid
        from events
        where type = ${eventsOfTests}
        order by id`;
      const arrived = new Map(healthy.received.map(({ id, at }) => [id, at]));
      const delays = uids.map(({ uid }, n) => (arrived.get(uid) ?? Infinity) - recorded[n]).sort((a, b) =>
        a - b
      );
      const p99 = delays[Math.min(delays.length - 1, Math.floor(delays.length * 0.99))];
      let waiting = 0;
      // The results of the last requests are still being saved.
      await eventually(async () => {
        [{ waiting }] = await system.db<{ waiting: number }[]>`
          select count(*) as waiting
          from webhook_deliveries
          where due_at is not null`;
        return waiting <= hanging * events;
      });
      return {
        held: p99 <= 500 && waiting === hanging * events && healthy.refused === 0,
        figures: {
          "hanging endpoints": hanging,
          events,
          "median ms": Math.round(delays[delays.length >> 1]),
          "p99 ms": Math.round(p99),
          "requests to hanging endpoints": silent.received.length,
          "deliveries that wait for them": waiting,
        },
      };
    } finally {
      await system.stop();
      await Promise.all([silent.stop(), healthy.stop()]);
    }
  },
};
