// Without Redis, with one that hangs or with one that was emptied, verifications go on and limits on sign-ins hold.
import { Redis } from "ioredis";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { startBreakableSystem } from "../system.ts";

/** Sign-ins a minute; two processes share them. */
const SIGN_INS = 4;

export const row: TortureRow = {
  fault: "Redis down, hung (SIGSTOP) or emptied for 60 s at 200 requests a second",
  reach: "verify: 0 errors, p99 at most 50 ms; limits on sign-ins hold",
  async run(size) {
    const [seconds, rate, slowest] = size === "full" ? [60, 200, 50] : [1, 40, 1000];
    const system = await startBreakableSystem();
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
          rate,
          (n) =>
            post(`${servers[n % 2].url}/api/license/verify`, system.headers, {
              license_key: keys[n % keys.length],
              hardware_hash: "machine",
            }),
        );
        const admitted = await signIns(begun);
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        const { statuses, p99, failures } = await load.stop();
        await end();
        figures[`${fault}: answers`] = JSON.stringify(statuses);
        figures[`${fault}: p99 ms`] = p99;
        figures[`${fault}: sign-ins admitted`] = admitted;
        if (failures.length > 0) figures[`${fault}: failures`] = failures.slice(0, 3).join("\n");
        held &&= Object.keys(statuses).join() === "200" && p99 <= slowest &&
          // Each process knows the count as of its own last sign-in.
          admitted <= SIGN_INS + (fault === "emptied" ? 1 : 0);
      }
      return { held, figures };
    } finally {
      await system.redis.signal("SIGCONT");
      await system.stop();
    }
  },
};
