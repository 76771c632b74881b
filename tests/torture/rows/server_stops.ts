// Servers that are stopped and replaced one after another under load, behind what asks them whether they are ready.
import { freePort } from "../../../db/embedded/free_port.ts";
import { loadLicenses } from "../../bench/sample_licenses.ts";
import { startBalancer } from "../balancer.ts";
import { createHttpClient } from "../http_client.ts";
import type { Program } from "../programs.ts";
import type { TortureRow } from "../row.ts";
import { startSteadyLoad } from "../steady_load.ts";
import { startSystem } from "../system.ts";

const STOPS = 20;
const PER_SECOND = 200;
/** One in so many has a slow body, and one in so many a connection of its own. */
const SLOW = 20;
const SINGLE = 3;
/** How often servers are asked whether they are ready, as docs/operations/shutdown.md demands; milliseconds. */
const CHECK_INTERVAL = 500;

export const row: TortureRow = {
  fault: "server stopped (SIGTERM) 20 times at 200 requests a second, some with slow bodies",
  reach: "0 failed requests, for a client that behaves as a load balancer does",
  async run(size) {
    const system = await startSystem(size);
    const balancer = startBalancer(CHECK_INTERVAL);
    const client = createHttpClient();
    let started = 0;
    const start = async (): Promise<Program> => {
      const variables: Record<string, string>[] = [{ LISTENER: "node" }, { LISTENER: "deno" }, {
        PROCESSES: "2",
        PORT: String(freePort()),
      }];
      const server = await system.startServer({ env: variables[started++ % (size === "full" ? 3 : 2)] });
      await balancer.add(server);
      return server;
    };
    try {
      const { keys, hardwareOf } = await loadLicenses(system.db, 100, 1, 5);
      const servers = await Promise.all(Array.from({ length: 3 }, start));
      const load = startSteadyLoad(size === "full" ? PER_SECOND : PER_SECOND / 2, (n) => {
        const key = keys[n % keys.length];
        const body = JSON.stringify({ license_key: key, hardware_hash: hardwareOf(key, 1) });
        return client.post(`${balancer.urlFor(n)}/api/license/verify`, system.headers, body, {
          isKept: n % SINGLE > 0,
          isSlow: n % SLOW === 0,
        });
      });
      const codes: number[] = [];
      let slowest = 0;
      const stop = async (server: Program) => {
        const began = performance.now();
        balancer.expectEnd(server);
        codes.push(await server.stop());
        slowest = Math.max(slowest, performance.now() - began);
      };
      if (size === "short") await Promise.all(servers.slice(0, 2).map(stop));
      while (size === "full" && codes.length < STOPS) {
        await stop(servers.shift()!);
        servers.push(await start());
      }
      const { sent, statuses, p99, failures } = await load.stop();
      return {
        held: statuses[200] === sent && codes.every((code) => code === 0),
        figures: {
          stops: codes.length,
          requests: sent,
          answers: JSON.stringify(statuses),
          "p99 ms": p99,
          "longest stop, ms": Math.round(slowest),
          "exit codes": codes.join(" "),
          failures: failures.slice(0, 5).join("; "),
        },
      };
    } finally {
      balancer.stop();
      client.close();
      await system.stop();
    }
  },
};
