// A Redis Cluster on this machine: every slot has a master, and a replica where they are asked for. Its nodes can be killed,
// started again and frozen, and a slot can be moved.
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { Redis } from "ioredis";
import type { RunningServer } from "../../db/embedded/child_process.ts";
import { freePort } from "../../db/embedded/free_port.ts";
import { startRedis } from "../../db/embedded/redis.ts";
import { eventually } from "./test.ts";

const SLOTS = 16_384;

export interface ClusterNode {
  /** For commands to this node alone; it reconnects. */
  admin: Redis;
  port: number;
  pid(): number;
  kill(): Promise<void>;
  /** Starts it again after `kill`, with the same data and port. */
  start(): Promise<void>;
}

export interface RedisCluster {
  /** For REDIS_URL; names two of the nodes. */
  url: string;
  masters: ClusterNode[];
  replicas: ClusterNode[];
  /** The master that had a slot when the cluster was started. */
  masterOf(slot: number): ClusterNode;
  /** Whether every node is up and every slot has a master. */
  isWhole(): Promise<boolean>;
  /** Gives a slot to another master, with its keys. */
  move(slot: number, to: ClusterNode): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts three masters, and a replica of each.
 *
 * @param options.replicas whether there are any: a master that has failed is then replaced by its own
 * @param options.durable whether data is written to disk, so that a node that was killed still has it
 * @param options.nodeTimeout after how many milliseconds a silent node counts as failed
 */
export async function startRedisCluster(
  { replicas = false, durable = false, nodeTimeout = 30_000 }: {
    replicas?: boolean;
    durable?: boolean;
    nodeTimeout?: number;
  } = {},
): Promise<RedisCluster> {
  const folder = await Deno.makeTempDir({ prefix: "latchkey-test-" });
  const password = randomUUID();
  const nodes = await Promise.all(
    Array.from(
      { length: replicas ? 6 : 3 },
      (_, n) => startNode(join(folder, String(n)), { password, nodeTimeout, durable }),
    ),
  );
  const masters = nodes.slice(0, 3);
  const first = (n: number) => Math.ceil(n * SLOTS / 3);
  await Promise.all(
    masters.map(({ admin }, n) => admin.call("cluster", "addslotsrange", first(n), first(n + 1) - 1)),
  );
  for (const { admin } of nodes) {
    for (const other of nodes) await admin.call("cluster", "meet", "127.0.0.1", other.port, other.bus);
  }
  const idOf = async ({ admin }: ClusterNode) => await admin.call("cluster", "myid") as string;
  for (const [n, { admin }] of nodes.slice(3).entries()) {
    const master = await idOf(masters[n]);
    // A node follows only one that it has met.
    await eventually(() => admin.call("cluster", "replicate", master).then(() => true, () => false));
  }
  const masterOf = (slot: number) => masters[masters.findLastIndex((_, n) => first(n) <= slot)];
  const isWhole = async () => {
    const states = await Promise.all(nodes.map(async ({ admin }) => ({
      info: String(await admin.call("cluster", "info")),
      known: String(await admin.call("cluster", "nodes")),
    })));
    return states.every(({ info, known }) =>
      info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`) &&
      !/fail|handshake|disconnected/.test(known)
    );
  };
  await eventually(isWhole, 60_000);
  return {
    url: `redis+cluster://:${password}@127.0.0.1:${masters[0].port},127.0.0.1:${masters[1].port}`,
    masters,
    replicas: nodes.slice(3),
    isWhole,
    masterOf,
    async move(slot, to) {
      const from = masterOf(slot);
      const [fromId, toId] = await Promise.all([idOf(from), idOf(to)]);
      await to.admin.call("cluster", "setslot", slot, "importing", fromId);
      await from.admin.call("cluster", "setslot", slot, "migrating", toId);
      const keys = await from.admin.call("cluster", "getkeysinslot", slot, 1000) as string[];
      const target = ["127.0.0.1", to.port, "", 0, 5000, "auth", password, "keys"];
      if (keys.length > 0) await from.admin.call("migrate", ...target, ...keys);
      for (const { admin } of [to, from]) await admin.call("cluster", "setslot", slot, "node", toId);
    },
    async stop() {
      for (const { admin } of nodes) admin.disconnect();
      await Promise.all(nodes.map(({ stop }) => stop()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function startNode(
  dir: string,
  { password, nodeTimeout, durable }: { password: string; nodeTimeout: number; durable: boolean },
): Promise<ClusterNode & { bus: number; stop(): Promise<void> }> {
  const bus = freePort();
  const launch = (port?: number): Promise<RunningServer> =>
    startRedis({
      dir,
      installDir: resolve(".data/programs"),
      password,
      port,
      durable,
      settings: [
        "cluster-enabled yes",
        `cluster-port ${bus}`,
        `cluster-node-timeout ${nodeTimeout}`,
        `masterauth ${password}`,
      ],
    });
  let running = await launch();
  const { port, url } = running;
  const admin = new Redis(url, { maxRetriesPerRequest: null });
  admin.on("error", () => {});
  return {
    admin,
    port,
    bus,
    pid: () => running.pid,
    async kill() {
      Deno.kill(running.pid, "SIGKILL");
      await running.stop();
    },
    async start() {
      running = await launch(port);
    },
    stop: () => running.stop(),
  };
}
