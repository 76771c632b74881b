// A worker that is killed again and again loses no delivery, sends none under a second id, and strands none.
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { eventsOfTests, recordManyEvents } from "../../support/many_events.ts";
import { startReceiver } from "../../support/receiver.ts";
import { eventually } from "../../support/test.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

export const row: TortureRow = {
  fault: "worker killed (SIGKILL) 5 times during 10,000 deliveries, one in ten answered 503",
  reach:
    "every event at least once under one id, the last at most 15 s after the last restart, none stranded",
  coveredBy: ["tests/worker/webhook_faults_test.ts"],
  async run(size) {
    const [events, kills] = size === "full" ? [10_000, 5] : [600, 1];
    const system = await startSystem(size);
    const seen = new Set<string>();
    const receiver = await startReceiver((response, { id }) => {
      const refused = !seen.has(id) && parseInt(id.slice(-4), 16) % 10 === 0;
      seen.add(id);
      response.writeHead(refused ? 503 : 204).end();
    });
    try {
      const { row, secret } = await createWebhook(await system.ctx(), {
        url: receiver.url,
        description: "",
        eventTypes: [eventsOfTests],
        headers: {},
      }, readNetworks(["127.0.0.0/8"]));
      receiver.secret = secret;
      const expected = await recordManyEvents(await system.ctx(), events);
      let worker = await system.startWorker();
      for (let n = 1; n <= kills; n++) {
        await eventually(() => Promise.resolve(seen.size >= n * events / (kills + 1)), 60_000);
        await worker.kill();
        worker = await system.startWorker();
      }
      const restarted = performance.now();
      const stranded = async () => {
        const [{ count }] = await system.db<{ count: number }[]>`
          select count(*) as count
          from webhook_deliveries
          where webhook_id = ${row.id} and delivered_at is null`;
        return count;
      };
      await eventually(async () => await stranded() === 0, 60_000).catch(() => {});
      const lost = expected.filter((id) => !seen.has(id)).length;
      const last = Math.max(...receiver.received.map(({ at }) => at)) - restarted;
      const left = await stranded();
      return {
        held: lost === 0 && left === 0 && seen.size === events && receiver.refused === 0 && last <= 15_000,
        figures: {
          events,
          kills,
          lost,
          "ids": seen.size,
          requests: receiver.received.length,
          "requests whose signature is wrong": receiver.refused,
          "last after the last restart, s": Math.round(last / 100) / 10,
          stranded: left,
        },
      };
    } finally {
      await system.stop();
      await receiver.stop();
    }
  },
};
