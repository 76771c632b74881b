// Activations from many connections to two servers never pass a license's limit.
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { answerOf, countResults, post } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

const LIMIT = 5;
const SAME_MACHINE = 200;

export const row: TortureRow = {
  fault:
    "100,000 activations over HTTP, 64 connections, 2 server processes, 1,000 licenses with a limit of 5",
  reach:
    "exactly 5,000 activations, every other answer a clear refusal; one machine 200 times at once: one row, one id",
  coveredBy: ["tests/domain/races_test.ts"],
  async run() {
    const [activations, licenses] = [100_000, 1000];
    const system = await startSystem("full");
    try {
      const { keys } = await loadLicenses(system.db, licenses + 1, 0, LIMIT);
      const servers = await Promise.all([system.startServer(), system.startServer()]);
      const activate = (n: number, licenseKey: string, hardware: string) =>
        post(`${servers[n % 2].url}/api/license/activate`, system.headers, {
          license_key: licenseKey,
          hardware_hash: hardware,
        });
      const answers = await countResults(
        64,
        activations,
        async (n) => await answerOf(await activate(n, keys[n % licenses], `machine ${n}`)),
      );

      const ids = new Set<string>();
      const repeated = await countResults(SAME_MACHINE, SAME_MACHINE, async (n) => {
        const response = await activate(n, keys[licenses], "the same machine");
        ids.add(String((await response.clone().json()).activation.id));
        return await answerOf(response);
      });

      const [{ taken, wrong, same }] = await system.db<{ taken: number; wrong: number; same: number }[]>`
        select
          count(*) filter (where key <> ${keys[licenses]}) as taken,
          (
            select count(*)
            from licenses
            where activations_in_use <> (
              select count(*)
              from activations
              where license_id = licenses.id
                and deactivated_at is null
            )
          ) as wrong,
          count(*) filter (where key = ${keys[licenses]}) as same
        from activations
        join licenses on licenses.id = license_id
        where deactivated_at is null`;
      const others = Object.keys(answers).filter((answer) => answer !== "201");
      return {
        held: taken === licenses * LIMIT && answers["201"] === taken && wrong === 0 &&
          others.every((answer) => answer.startsWith("403 ")) && others.length === 1 &&
          same === 1 && ids.size === 1 && repeated["201"] === 1 && repeated["200"] === SAME_MACHINE - 1,
        figures: {
          answers: JSON.stringify(answers),
          "activations": taken,
          "the most there may be": licenses * LIMIT,
          "licenses with a wrong count": wrong,
          "one machine at once": JSON.stringify(repeated),
          "its rows": same,
          "its ids": ids.size,
        },
      };
    } finally {
      await system.stop();
    }
  },
};
