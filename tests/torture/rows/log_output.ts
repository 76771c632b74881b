// Standard output that is not read, whose reader has died, or that is a file on a full disk: programs go on, stop in order and
// count the lines they drop.
import { freePort } from "../../../db/embedded/free_port.ts";
import { testSecrets } from "../../support/secrets.ts";
import { eventually } from "../../support/test.ts";
import { countResults } from "../answers.ts";
import type { TortureRow } from "../row.ts";
import { type RealSystem, startSystem } from "../system.ts";

const outputs = ["closed", "hung", "full disk"] as const;
type Output = typeof outputs[number];

/** Requests in the full form: their lines fill what is kept for a reader many times. */
const REQUESTS = 60_000;
const CONNECTIONS = 32;

interface Started {
  url: string;
  /** Sends SIGTERM; returns the exit code. */
  stop(): Promise<number>;
}

/** Starts a program whose output is not read. */
async function start(file: string, path: string, output: Output, system: RealSystem): Promise<Started> {
  const port = freePort();
  const to = output === "full disk" ? "> /dev/full 2>&1" : "2>&1";
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", `exec "$0" "$@" ${to}`, Deno.execPath(), "run", "-A", "--quiet", "--no-check", file],
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      WORKER_METRICS_PORT: String(port),
      DATABASE_URL: system.databaseUrl,
      REDIS_URL: system.redisUrl,
      RATE_LIMIT_PUBLIC: "off",
      LOG_LEVEL: "debug",
      ...testSecrets,
    },
    stdout: "piped",
  }).spawn();
  if (output === "closed") await child.stdout.cancel();
  const url = `http://127.0.0.1:${port}`;
  const isUp = async () => {
    const response = await fetch(url + path).catch(() => null);
    await response?.body?.cancel();
    return response?.status === 200;
  };
  await eventually(isUp, 30_000);
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 40_000);
      const { code } = await child.status;
      clearTimeout(timer);
      if (output !== "closed") await child.stdout.cancel();
      return code;
    },
  };
}

async function droppedBy(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(metrics.match(/^latchkey_log_lines_dropped_total (\d+)/m)![1]);
}

export const row: TortureRow = {
  fault: "standard output closed, hung, on a full disk",
  reach: "the server serves on; dropped lines are counted",
  coveredBy: ["tests/rest/log_test.ts"],
  async run() {
    const system = await startSystem("full");
    const figures: Record<string, number | string> = {};
    let held = true;
    try {
      for (const output of outputs) {
        const [server, worker] = await Promise.all([
          start("server/main.ts", "/health/ready", output, system),
          start("worker/main.ts", "/metrics", output, system),
        ]);
        const answers = await countResults(CONNECTIONS, REQUESTS, async () => {
          const response = await fetch(`${server.url}/health`);
          await response.body?.cancel();
          return String(response.status);
        });
        const dropped = await droppedBy(server.url);
        await droppedBy(worker.url);
        const codes = await Promise.all([server.stop(), worker.stop()]);
        figures[`${output}: answers`] = JSON.stringify(answers);
        figures[`${output}: dropped lines`] = dropped;
        figures[`${output}: exit codes`] = codes.join(" ");
        held &&= answers["200"] === REQUESTS && codes.every((code) => code === 0) && dropped > 0;
      }
      return { held, figures };
    } finally {
      await system.stop();
    }
  },
};
