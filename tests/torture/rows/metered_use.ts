// Servers are killed while apps count and reserve units of one meter, each call under a key of its own until it is answered.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { post } from "../answers.ts";
import type { Program } from "../programs.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const APPS = 200;
/** One count in so many is reserved first. */
const RESERVED = 4;
/** How long an app waits before it repeats a call that was not answered; milliseconds. */
const BETWEEN = 100;

interface Receipt {
  id: string;
  amount: number;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const row: TortureRow = {
  fault: "200 apps count 10,000 units, some reserved first, while 2 servers are killed 10 times (SIGKILL)",
  reach:
    "the sum of the receipts is the balance and the limit of 9,000; no receipt twice; nothing stays reserved",
  async run(size) {
    const [counts, kills] = size === "full" ? [50, 10] : [2, 2];
    const limit = APPS * counts * 9 / 10;
    const system = await startSystem(size);
    try {
      const { keys: [licenseKey] } = await loadLicenses(system.db, 1, 0, 1);
      const meters = { exports: { limit, period: "forever", overage: 0 } };
      await system.db`
        update licenses
        set meters = ${meters as never}
        where key = ${licenseKey}`;
      const servers: Program[] = await Promise.all([system.startServer(), system.startServer()]);
      const receipts: Receipt[] = [];
      const refusals = new Set<string>();
      let repeated = 0;

      /** Repeats a call under its key, on either server, until it is accepted or refused. */
      const call = async (verb: string, key: string, body: object) => {
        for (let attempt = 0;; attempt++) {
          const server = servers[(key.length + attempt) % servers.length];
          const headers = { ...system.headers, "Idempotency-Key": key };
          try {
            const response = await post(`${server.url}/api/license/usage/${verb}`, headers, body);
            const answer = await response.json();
            if (response.ok) return answer;
            if (response.status === 403) return void refusals.add(answer.error.code);
          } catch {
            // The server was killed: whether the units were counted is not known.
          }
          repeated++;
          await pause(BETWEEN);
        }
      };

      const count = async (key: string): Promise<void> => {
        const use = { license_key: licenseKey, meter: "exports" };
        const isReserved = Number(key.match(/\d+$/)) % RESERVED === 1;
        const held = isReserved ? await call("reserve", `${key} held`, { ...use, ttl: 3600 }) : null;
        if (isReserved && !held) return;
        const receipt = held
          ? await call("commit", `${key} done`, { reservation: held.reservation })
          : await call("increment", key, use);
        if (receipt) receipts.push(receipt);
      };

      const counting = Promise.all(Array.from({ length: APPS }, async (_, app) => {
        for (let n = 0; n < counts; n++) await count(`app ${app}, count ${n}`);
      }));
      for (let n = 0; n < kills; n++) {
        const isDone = await Promise.race([counting, pause(200).then(() => null)]);
        if (isDone) break;
        await servers[n % 2].kill();
        servers[n % 2] = await system.startServer();
      }
      await counting;

      const [{ used, reserved }] = await system.db<{ used: number; reserved: number }[]>`
        select used, reserved
        from meter_usage`;
      const sum = receipts.reduce((sum, { amount }) => sum + amount, 0);
      const ids = new Set(receipts.map(({ id }) => id)).size;
      return {
        held: sum === used && used === limit && reserved === 0 && ids === receipts.length &&
          [...refusals].join() === "USAGE_LIMIT_REACHED",
        figures: {
          "units asked for": APPS * counts,
          limit,
          used,
          reserved,
          "sum of the receipts": sum,
          receipts: receipts.length,
          "their ids": ids,
          "calls that were repeated": repeated,
          refusals: [...refusals].join(),
        },
      };
    } finally {
      await system.stop();
    }
  },
};
