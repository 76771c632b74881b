// Two versions of the program side by side: the next one's migrations, one program after the other replaced, and back.
import { setTimeout as delay } from "node:timers/promises";
import { createWebhook } from "../../../server/domain/webhooks/manage.ts";
import { readNetworks } from "../../../server/domain/webhooks/address.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { startReceiver } from "../../support/receiver.ts";
import { eventually } from "../../support/test.ts";
import { post } from "../answers.ts";
import { startBalancer } from "../balancer.ts";
import { copyNextVersion, nextMigrations, nextVersion, runMigrate } from "../next_version.ts";
import type { Program, ProgramOptions } from "../programs.ts";
import type { TortureRow } from "../row.ts";
import { figuresOf, hasNoFailure, startSteadyLoad } from "../steady_load.ts";
import { startSystem } from "../system.ts";

const MACHINES = 5;
/** Requests before the load; a multiple of 16, after which the kinds of requests repeat. */
const WARM_UP = 160;
const env = { RATE_LIMIT_HEARTBEAT: "off" };

export const row: TortureRow = {
  fault:
    "a newer migration applied under 200 requests a second, old and new programs side by side, one after " +
    "the other restarted, then the old version again",
  reach: "0 failures; old ones stay ready; every event delivered",
  async run(size) {
    const [perSecond, count, pause] = size === "full" ? [200, 2, 4000] : [25, 1, 0];
    const [system, next, receiver] = await Promise.all([
      startSystem(size),
      copyNextVersion(),
      startReceiver(),
    ]);
    const balancer = startBalancer();
    try {
      const { keys, hardwareOf } = await loadLicenses(system.db, 500, MACHINES, 1_000_000);
      const terms = { url: receiver.url, description: "", eventTypes: ["license.activated"], headers: {} };
      await createWebhook(await system.ctx(), terms, readNetworks(["127.0.0.0/8"]));

      const startAll = async (options: ProgramOptions) => {
        const servers = Array.from({ length: count }, () => system.startServer({ env, ...options }));
        const workers = Array.from({ length: count }, () => system.startWorker(options));
        return { servers: await Promise.all(servers), workers: await Promise.all(workers) };
      };
      /** Replaces one program after the other: the successor is up before the predecessor is told to end. */
      const replaceAll = async (
        before: { servers: Program[]; workers: Program[] },
        options: ProgramOptions,
      ) => {
        const servers: Program[] = [];
        const workers: Program[] = [];
        const codes: Promise<number>[] = [];
        for (let n = 0; n < count; n++) {
          const [worker, server] = await Promise.all([
            system.startWorker(options),
            system.startServer({ env, ...options }),
          ]);
          workers.push(worker);
          servers.push(server);
          await balancer.add(server);
          await delay(pause);
          balancer.expectEnd(before.servers[n]);
          codes.push(before.workers[n].stop(), before.servers[n].stop());
          await delay(pause);
        }
        return { servers, workers, codes: await Promise.all(codes) };
      };

      const old = await startAll({});
      await Promise.all(old.servers.map(balancer.add));
      const activated: string[] = [];
      const send = async (n: number) => {
        const key = keys[n % keys.length];
        const known = hardwareOf(key, 1 + n % MACHINES);
        const call = (path: string, hardware: string, headers: Record<string, string> = {}) =>
          post(`${balancer.urlFor(n)}/api/license/${path}`, { ...system.headers, ...headers }, {
            license_key: key,
            hardware_hash: hardware,
          });
        if (n % 8 < 5) return await call("verify", known);
        if (n % 8 < 7) return await call("heartbeat", known);
        // Every other activation is repeatable: it and its saved answer are a transaction.
        const machine = `machine ${n}`;
        const response = await call("activate", machine, n % 16 === 15 ? { "Idempotency-Key": machine } : {});
        if (response.status === 201) activated.push(machine);
        return response;
      };
      // The old servers have run for long: their code is compiled and their connections are open.
      for (let n = 0; n < WARM_UP; n++) await (await send(n)).body?.cancel();
      const load = startSteadyLoad(perSecond, (n) => send(n + WARM_UP));
      await delay(pause);
      const migrated = await runMigrate(system.databaseUrl, next.root);
      await delay(pause);
      const newer = await replaceAll(old, { root: next.root });
      await delay(pause);
      const again = await runMigrate(system.databaseUrl);
      // That a program starts on the newer schema is a test of its own: tests/domain/migrations_test.ts.
      const back = size === "full" ? await replaceAll(newer, {}) : { servers: [], workers: [], codes: [] };
      await delay(pause);
      const report = await load.stop();
      const delivered = () => new Set(receiver.received.map(({ id }) => id)).size;
      await eventually(() => Promise.resolve(delivered() >= activated.length), 30_000).catch(() => {});
      const [stored] = await system.db<Record<"kept" | "written" | "filled", number>[]>`
          select
            count(*) filter (where hardware_id = any(${activated})) as kept,
            count(*) filter (where region = 'north') as written,
            count(*) filter (where region = 'filled') as filled
          from activations`;
      const programs = [old, newer, back].flatMap(({ servers, workers }) => [...servers, ...workers]);
      const errors = programs.flatMap(({ log }) => log).filter(({ level }) => level === "error");
      const codes = [...newer.codes, ...back.codes];
      return {
        held: hasNoFailure(report) && balancer.unexpected.length === 0 &&
          migrated.code === 0 && nextMigrations.every((name) => migrated.output.includes(name)) &&
          again.code === 0 && again.output.includes("newer than this program") &&
          codes.every((code) => code === 0) && errors.length === 0 &&
          stored.kept === activated.length && delivered() >= activated.length && stored.written > 0 &&
          stored.filled > 0,
        figures: {
          ...figuresOf(report),
          "not ready although it should be": balancer.unexpected.slice(0, 3).join("\n") || "never",
          [`migrate of ${nextVersion}`]: migrated.output,
          "migrate of this version afterwards": again.output,
          "exit codes": codes.join(" "),
          "errors in the logs": JSON.stringify(errors.slice(0, 3)),
          "activations acknowledged": activated.length,
          "activations in the database": stored.kept,
          "events delivered": delivered(),
          "rows with the new column by servers": stored.written,
          "rows with the new column by workers": stored.filled,
        },
      };
    } finally {
      balancer.stop();
      await receiver.stop();
      await system.stop();
      await next.remove();
    }
  },
};
