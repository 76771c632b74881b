// The dashboard of the job queues (Bull Board): waiting and failed jobs, and retrying them. It can change any job and has
// no authentication of its own, so the caller that mounts it must authenticate its requests.
import { dirname } from "node:path";
import { createRequire } from "node:module";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import { Queue } from "bullmq";
import { Hono } from "hono";
import { eventsOf, openRedis } from "../../db/redis.ts";

export interface DashboardOptions {
  redisUrl: string;
  /** Where it answers, "/admin/queues". */
  path: string;
  /** The path of a request. */
  getPath: (request: Request) => string;
  /** Names of the queues. */
  queues: string[];
  /** The prefix the queues have in Redis. */
  prefix: string;
}

export interface QueueDashboard {
  app: Hono;
  close(): Promise<void>;
}

/** Creates the dashboard. */
export function createQueueDashboard(options: DashboardOptions): QueueDashboard {
  const connection = openRedis(options.redisUrl, {
    maxRetriesPerRequest: 1,
    commandTimeout: 3000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
  });
  eventsOf(connection).on("error", () => {});
  const queues = options.queues.map((name) => {
    const queue = new Queue(name, { connection, prefix: options.prefix, skipVersionCheck: true });
    queue.on("error", () => {});
    return queue;
  });
  const adapter = new HonoAdapter(serveStatic).setBasePath(options.path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: {
      uiBasePath: dirname(createRequire(import.meta.url).resolve("@bull-board/ui/package.json")),
      uiConfig: { boardTitle: "Latchkey", hideRedisDetails: true },
    },
  });
  const app = new Hono();
  app.use("*", async (c, next) => {
    const answers = await connection.ping().then(() => true, () => false);
    if (!answers) return c.text("Redis is not responding. Try again in a moment.", 503);
    await next();
  });
  app.route("/", adapter.registerPlugin());
  return {
    app: new Hono({ getPath: options.getPath }).route(options.path, app),
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}
