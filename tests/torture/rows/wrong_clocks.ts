// Clocks of a server and a worker that are ahead, behind and put right, beside others that are right. A license that ends
// today, a live seat, repeated keys, heartbeats and webhooks show whose time decides.
import { activateLicense } from "../../../server/domain/activations/activate.ts";
import { dayOf } from "../../../server/domain/calendar.ts";
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import { startSeat } from "../../../server/domain/seats/start.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { makeLicense } from "../../support/fixtures.ts";
import { startReceiver } from "../../support/receiver.ts";
import { createWrongClock, DAY, HOUR } from "../../support/wrong_clock.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { startSystem } from "../system.ts";

/** Where the clocks go, and how long they stay there; milliseconds. */
const shifts = [DAY, 0, -HOUR, 0, 25 * HOUR, -DAY, 365 * DAY, 0];
const STAY = 8000;
/** How long a webhook may take from its event on; milliseconds. */
const MAX_DELIVERY = 5000;

export const row: TortureRow = {
  fault: "clocks of a server or worker a day ahead, an hour back, put right",
  reach: "database time decides; nothing is refused, expired or repeated wrongly; scheduled work goes on",
  coveredBy: ["tests/worker/clocks_test.ts", "tests/domain/clock_set_back_test.ts"],
  async run(size) {
    const system = await startSystem(size);
    const clock = await createWrongClock(0);
    const receiver = await startReceiver();
    try {
      const limits = { RATE_LIMIT_HEARTBEAT: "off" };
      const servers = await Promise.all([
        system.startServer({ ...clock.options, env: { ...clock.options.env, ...limits } }),
        system.startServer({ env: limits }),
      ]);
      await Promise.all([system.startWorker(clock.options), system.startWorker()]);
      const today = dayOf(new Date());
      const terms = { validFrom: today, validUntil: today };
      const license = await makeLicense(await system.ctx(), {
        ...terms,
        maxActivations: 10_000,
        maxUsers: 1,
      });
      const machine = { licenseKey: license.key, hardwareId: "machine", machineName: null, appVersion: null };
      await activateLicense(await system.ctx(), machine);
      const seat = await startSeat(await system.ctx(), machine);
      const disabled = await makeLicense(await system.ctx(), terms);
      const { secret } = await createWebhook(
        await system.ctx(),
        { url: receiver.url, description: "", eventTypes: ["license.disabled"], headers: {} },
        readNetworks(["127.0.0.0/8"]),
      );
      receiver.secret = secret;

      const wrong: Record<string, number> = {};
      const count = (what: string) => void (wrong[what] = (wrong[what] ?? 0) + 1);
      const call = async (server: number, path: string, body: object, headers = {}) => {
        const url = `${servers[server].url}/api/license/${path}`;
        const response = await post(url, { ...system.headers, ...headers }, {
          license_key: license.key,
          ...body,
        });
        return { response: response.clone(), answer: await response.json() };
      };
      const isNow = (time: string) => Math.abs(new Date(time).getTime() - Date.now()) < 5000;
      const load = startSteadyLoad(100, async (number) => {
        const server = Math.floor(number / 10) % 2;
        switch (number % 10) {
          case 0: {
            // The first answer of one server, repeated by the other.
            const keyed = { "Idempotency-Key": `key ${Math.floor(number / 20)}` };
            const { response } = await call(server, "activate", {
              hardware_hash: `machine ${Math.floor(number / 20)}`,
            }, keyed);
            if (response.status !== 201 && response.status !== 409) count(`activate ${response.status}`);
            return response;
          }
          case 4: {
            const { response, answer } = await call(server, "heartbeat", { hardware_hash: "machine" });
            if (!isNow(answer.last_heartbeat)) count("heartbeat at a wrong time");
            return response;
          }
          default: {
            const { response, answer } = await call(server, "verify", { hardware_hash: "machine" });
            if (answer.code !== "VALID") count(`verify ${answer.code}`);
            return response;
          }
        }
      });
      let longest = 0;
      let delivered = 0;
      for (const shift of shifts) {
        await clock.set(shift);
        const end = performance.now() + STAY;
        while (performance.now() < end) {
          const began = performance.now();
          await setLicensesEnabled(await system.ctx(), { ids: [disabled.id], enabled: false });
          await setLicensesEnabled(await system.ctx(), { ids: [disabled.id], enabled: true });
          await receiver.arrived(++delivered, 15_000);
          longest = Math.max(longest, performance.now() - began);
          const { response } = await call(delivered % 2, "session/heartbeat", { session_id: seat.id });
          if (!response.ok) count(`seat ${response.status}`);
        }
      }
      const { sent, statuses, p99, failures } = await load.stop();
      const [{ expired, ahead, seats }] = await system.db<
        { expired: number; ahead: number; seats: number }[]
      >`
        select
          (select count(*) from events where type = 'license.expired') as expired,
          (select count(*) from activations where last_heartbeat > now() + interval '1 second')
            + (select count(*) from events where abs(extract(epoch from occurred_at - now())) > 3600) as ahead,
          (select count(*) from seats) as seats`;
      const [{ late }] = await system.db<{ late: number }[]>`
        select count(*) as late
        from job_schedules
        where next_run_at < now() - interval '5 seconds' or failures > 0`;
      const alerts = await system.db`
        select kind
        from alerts
        where kind = 'clock'`;
      return {
        held: Object.keys(wrong).length === 0 && failures.length === 0 && expired === 0 && ahead === 0 &&
          seats === 1 && late === 0 && alerts.length > 0 && longest <= MAX_DELIVERY,
        figures: {
          calls: sent,
          statuses: JSON.stringify(statuses),
          "p99 ms": p99,
          "wrong answers": JSON.stringify(wrong),
          failures: failures.join("; ") || "none",
          "licenses expired falsely": expired,
          "times that are wrong": ahead,
          "live seats that remain": `${seats} of 1`,
          "scheduled jobs that are late": late,
          "webhooks delivered": delivered,
          "longest delivery ms": Math.round(longest),
          "alerts of clocks": alerts.length,
        },
      };
    } finally {
      await system.stop();
      await receiver.stop();
      await clock.remove();
    }
  },
};
