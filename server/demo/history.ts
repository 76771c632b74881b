// The demo's history: activations, a year of heartbeats, and an alert in the past. Heartbeats are inserted into the
// statistics only.
import { activateLicense } from "../domain/activations/activate.ts";
import { deactivateMachine } from "../domain/activations/deactivate.ts";
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/customers/customers.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import { usableOn } from "../domain/policy/conditions.ts";
import { updateAlerts } from "../domain/monitoring/alerts.ts";
import { addCounts, saveStates } from "../domain/monitoring/statistics.ts";

const HOUR = 3_600_000;
const DAYS = 365;
/** Days with hourly statistics; older ones are daily. */
const HOURLY = 35;

/** Relative activity by hour of the day, UTC. */
const day = [1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 22, 21, 17, 19, 22, 21, 18, 13, 8, 6, 4, 3, 2, 1];

export async function loadHistory(
  daysAgo: (days: number) => Context,
  productId: number,
): Promise<void> {
  await loadClassroom(daysAgo, productId);
  await loadHeartbeats(daysAgo);
  await loadStates(daysAgo);
  await loadOutage(daysAgo);
}

/** A school with an activation on most days, and deactivations of older machines. */
async function loadClassroom(daysAgo: (days: number) => Context, productId: number): Promise<void> {
  const school = await createCustomer(daysAgo(92), {
    name: "Larkspur School of Design",
    email: "it@larkspur.example",
  });
  const license = await issueLicense(daysAgo(92), {
    customerId: school.id,
    productId,
    maxActivations: 120,
    maxUsers: 60,
  });
  for (let age = 90, number = 1; age > 0; age--) {
    for (let n = 0; n < [0, 1, 2, 1, 2, 1, 0][age % 7]; n++, number++) {
      const machine = (index: number) => ({
        licenseKey: license.key,
        hardwareId: `demo-classroom-${index}`,
        machineName: `ROOM${1 + index % 6}-PC${String(index).padStart(2, "0")}`,
        appVersion: ["1.1.0", "1.1.0", "1.0.1", "1.2.0-beta.1"][index % 4],
      });
      const at = (hours: number): Context => ({
        ...daysAgo(age - hours / 24),
        actor: { kind: "anonymous" },
      });
      await activateLicense(at(1 + 5 * n), machine(number));
      if (number > 20 && number % 3 === 0) await deactivateMachine(at(3 + 5 * n), machine(number - 20));
    }
  }
}

/** Heartbeats: more on working days, and growing from month to month. */
async function loadHeartbeats(daysAgo: (days: number) => Context): Promise<void> {
  const counted = [];
  const until = daysAgo(0).now.getTime();
  for (let age = DAYS; age >= 0; age--) {
    const { now } = daysAgo(age);
    const isWeekend = [0, 6].includes(now.getUTCDay());
    const busy = (isWeekend ? 0.35 : 1) * (0.4 + 0.6 * (1 - age / DAYS)) *
      (0.9 + 0.2 * ((age * 7919) % 11) / 10);
    const midnight = Math.floor(now.getTime() / (24 * HOUR)) * 24 * HOUR;
    for (const [hour, share] of day.entries()) {
      // Before the hourly statistics, one entry a day.
      if (age > HOURLY && hour > 0 || midnight + hour * HOUR > until) break;
      const count = Math.round(busy * (age > HOURLY ? 233 : share) * 9);
      counted.push({ measure: "heartbeats", at: new Date(midnight + hour * HOUR), count });
    }
  }
  await addCounts(daysAgo(0), counted);
}

/** Numbers of licenses, machines and sessions: by day, and by hour for the last days. */
async function loadStates(daysAgo: (days: number) => Context): Promise<void> {
  const { db, now } = daysAgo(0);
  const ages = [
    ...Array.from({ length: DAYS }, (_, n) => DAYS - n),
    ...Array.from({ length: HOURLY * 24 }, (_, n) => HOURLY - (n + 1) / 24),
  ];
  const rows = await db<{ age: number; licenses: number; machines: number }[]>`
    select
      age,
      (
        select count(*)
        from licenses l
        where l.created_at <= ${now}::timestamptz - age * interval '1 day'
          and ${usableOn({ db }, "l", db`(${now}::timestamptz - age * interval '1 day')::date`)}
      ) as licenses,
      (
        select count(*)
        from activations a
        where a.activated_at <= ${now}::timestamptz - age * interval '1 day'
          and (a.deactivated_at is null or a.deactivated_at > ${now}::timestamptz - age * interval '1 day')
      ) as machines
    from unnest(${ages}::double precision[]) with ordinality as moment (age, position)
    order by position`;
  await saveStates(
    daysAgo(0),
    rows.map(({ age, licenses, machines }) => {
      const at = daysAgo(age).now;
      return {
        at,
        counts: {
          activeLicenses: licenses,
          totalActivations: machines,
          activeSessions: Math.round(machines * day[at.getUTCHours()] / 60),
        },
      };
    }),
  );
}

/** An alert about full queues nine days ago, resolved after some minutes. */
async function loadOutage(daysAgo: (days: number) => Context): Promise<void> {
  await updateAlerts(daysAgo(9), [{
    kind: "queue",
    subject: "webhooks",
    severity: "warning",
    message: "1412 jobs are waiting in the queue webhooks",
  }]);
  await updateAlerts(daysAgo(9 - 7 / (24 * 60)), []);
}
