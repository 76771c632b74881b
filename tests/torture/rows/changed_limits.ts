// A license whose limit is lowered, or that is disabled, while many machines activate.
import { setLicensesEnabled, updateLicense } from "../../../server/domain/licenses/manage.ts";
import { makeLicense, makeProduct } from "../../support/fixtures.ts";
import { answerOf, post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { type RealSystem, startSystem } from "../system.ts";

const CONNECTIONS = 32;

type Change = (system: RealSystem, id: number) => Promise<unknown>;

const changes: Record<string, Change> = {
  "a limit of 0": async (system, id) =>
    await updateLicense(await system.ctx(), { id, changes: { maxActivations: 0 } }),
  "a lower limit": async (system, id) =>
    await updateLicense(await system.ctx(), { id, changes: { maxActivations: 5 } }),
  "disabled": async (system, id) =>
    await setLicensesEnabled(await system.ctx(), { ids: [id], enabled: false }),
};

export const row: TortureRow = {
  fault: "`max_activations` 0, lowered under load, disabled under load",
  reach: "no activation is granted to a request that is sent after the answer to the change",
  coveredBy: ["tests/domain/races_test.ts"],
  async run() {
    const repeats = 20;
    const system = await startSystem("full");
    try {
      const servers = await Promise.all([system.startServer(), system.startServer()]);
      const { id: productId } = await makeProduct(await system.ctx());
      const late: string[] = [];
      let granted = 0;
      let refused = 0;
      let unexpected = 0;
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const [name, change] of Object.entries(changes)) {
          const license = await makeLicense(await system.ctx(), { productId, maxActivations: 1_000_000 });
          let changedAt = Infinity;
          let machine = 0;
          const client = async () => {
            // Some requests after the change by each client, so that both servers are asked.
            for (let after = 0; after < 4;) {
              const sentAt = performance.now();
              if (sentAt > changedAt) after++;
              const n = machine++;
              const answer = await answerOf(
                await post(`${servers[n % 2].url}/api/license/activate`, system.headers, {
                  license_key: license.key,
                  hardware_hash: `machine ${n}`,
                }),
              );
              if (answer === "201") {
                granted++;
                if (sentAt > changedAt) late.push(name);
              } else if (answer.startsWith("403")) refused++;
              else unexpected++;
            }
          };
          const clients = Array.from({ length: CONNECTIONS }, client);
          while (machine < 200) await new Promise((resolve) => setTimeout(resolve, 5));
          await change(system, license.id);
          changedAt = performance.now();
          await Promise.all(clients);
        }
      }
      return {
        held: late.length === 0 && unexpected === 0 && granted > 0 && refused > 0,
        figures: {
          changes: repeats * Object.keys(changes).length,
          "granted before the answer": granted,
          refused,
          "granted to later requests": late.length,
          "other answers": unexpected,
        },
      };
    } finally {
      await system.stop();
    }
  },
};
