// A request repeated under its Idempotency-Key takes effect once, also when the repeats arrive together.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { countResults, post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const REPEATS = 20;

export const row: TortureRow = {
  fault: "the same idempotency key 20 times at once, 1,000 keys",
  reach: "1,000 effects, equal answers; another body under the same key is refused",
  coveredBy: ["tests/domain/races_test.ts"],
  async run() {
    const keyCount = 1000;
    const system = await startSystem("full");
    try {
      const { keys } = await loadLicenses(system.db, 1, 0, 1_000_000);
      const servers = await Promise.all([system.startServer(), system.startServer()]);
      const call = (n: number, server: number, more: object = {}) =>
        post(`${servers[server % 2].url}/api/license/activate`, {
          ...system.headers,
          "Idempotency-Key": `key-${n}`,
        }, { license_key: keys[0], hardware_hash: `machine ${n}`, ...more });
      let different = 0;
      const statuses = await countResults(4, keyCount, async (n) => {
        const answers = await Promise.all(
          Array.from({ length: REPEATS }, async (_, server) => {
            const response = await call(n, server);
            return `${response.status} ${await response.text()}`;
          }),
        );
        // While the first is under way the others may be told to wait; whoever gets an answer gets the same one.
        const final = new Set(answers.filter((answer) => !answer.startsWith("409")));
        if (final.size !== 1) different++;
        return [...final][0]?.slice(0, 3) ?? "none";
      });
      const reused = await countResults(8, keyCount, async (n) => {
        const response = await call(n, n, { machine_name: "another body" });
        await response.body?.cancel();
        return String(response.status);
      });
      const [{ effects }] = await system.db<{ effects: number }[]>`
        select count(*) as effects
        from events
        where type = 'license.activated'`;
      return {
        held: effects === keyCount && statuses["201"] === keyCount && different === 0 &&
          Object.keys(reused).every((status) => /^4/.test(status)),
        figures: {
          keys: keyCount,
          effects,
          "keys with different answers": different,
          "another body": JSON.stringify(reused),
        },
      };
    } finally {
      await system.stop();
    }
  },
};
