// A PostgreSQL that hangs and a table that is locked keep no request waiting, and take nothing with them that is well.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { eventually } from "../../support/test.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { type LoadReport, startSteadyLoad } from "../steady_load.ts";
import { startBreakableSystem } from "../system.ts";

/** The longest answer; milliseconds. A busy machine adds to it in the short form. */
const LONGEST = { full: 3000, short: 6000 };

export const row: TortureRow = {
  fault: "PostgreSQL stopped (SIGSTOP) 30 s, a table locked 10 s, at 200 requests a second",
  reach:
    "nothing waits longer than 3 s; 503 with Retry-After; readiness says what is true; recovery within 5 s",
  async run(size) {
    const [stopped, locked, rate] = size === "full" ? [30, 10, 200] : [2.5, 1.6, 40];
    const system = await startBreakableSystem();
    try {
      const { keys } = await loadLicenses(system.db, size === "full" ? 50 : 5, 0, 1_000_000);
      const server = await system.startServer({ env: { RATE_LIMIT_HEARTBEAT: "off" } });
      // What was verified before is in memory.
      for (const call of ["activate", "verify"]) {
        await Promise.all(keys.map(async (key, n) => {
          const machine = { license_key: key, hardware_hash: `machine ${n}` };
          await (await post(`${server.url}/api/license/${call}`, system.headers, machine)).body?.cancel();
        }));
      }
      const problems: string[] = [];
      let number = 0;
      const send = async () => {
        const n = number++;
        const call = n % 3 === 0 ? "activate" : n % 3 === 1 ? "verify" : "heartbeat";
        const response = await post(`${server.url}/api/license/${call}`, system.headers, {
          license_key: keys[n % keys.length],
          hardware_hash: n % 3 === 0 ? `new ${n}` : `machine ${n % keys.length}`,
        });
        if (response.status === 503 && !response.headers.has("retry-after")) problems.push("no Retry-After");
        return response;
      };
      const readiness = async (): Promise<boolean> =>
        (await (await fetch(`${server.url}/health/ready`)).json()).database;
      const during = async (seconds: number, isWell: boolean): Promise<LoadReport> => {
        const load = startSteadyLoad(rate, send);
        const end = performance.now() + seconds * 1000;
        // The first second belongs to the discovery.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        while (performance.now() < end) {
          if (await readiness() !== isWell) problems.push(`readiness said the database is ${!isWell}`);
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
        return await load.stop();
      };

      const locker = await system.db.reserve();
      await locker.unsafe("begin; lock table licenses in access exclusive mode");
      const whileLocked = await during(locked, true);
      await locker.unsafe("rollback");
      locker.release();

      await system.postgres.signal("SIGSTOP");
      const whileStopped = await during(stopped, false);
      await system.postgres.signal("SIGCONT");
      const continued = performance.now();
      await eventually(async () => (await send()).ok && await readiness(), 20_000);
      const recovery = Math.round(performance.now() - continued);

      const others = [whileLocked, whileStopped].flatMap(({ statuses }) =>
        Object.keys(statuses).filter((status) =>
          Number(status) === 0 || Number(status) > 503 || status === "500"
        )
      );
      return {
        held: problems.length === 0 && whileLocked.statuses[200] > 0 && others.length === 0 &&
          recovery < 5000 &&
          Math.max(whileLocked.longest, whileStopped.longest) <= LONGEST[size],
        figures: {
          "answers while a table is locked": JSON.stringify(whileLocked.statuses),
          "longest while a table is locked ms": whileLocked.longest,
          "answers while PostgreSQL hangs": JSON.stringify(whileStopped.statuses),
          "longest while PostgreSQL hangs ms": whileStopped.longest,
          "recovery ms": recovery,
          "problems": JSON.stringify([...new Set(problems)]),
        },
      };
    } finally {
      await system.postgres.signal("SIGCONT");
      await system.stop();
    }
  },
};
