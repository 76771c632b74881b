// Starts and stops a server process, in production and in development.
import { isTracing } from "../db/tracing.ts";
import { version } from "./version.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import * as dialects from "./dialects/all.ts";
import { QUEUE_PREFIX, queueNames } from "./domain/monitoring/queues.ts";
import { webhookFormatsOf } from "./request/dialect_module.ts";
import { listenDeno, type Listener, listenNode } from "./request/listener.ts";
import type { Log } from "./request/log.ts";
import { traceRequests } from "./request/request_spans.ts";
import { type RunningServices, startServices } from "./request/services.ts";
import { divideDrainTime, within } from "./request/within.ts";
import { mountQueueDashboard } from "./operations/queue_dashboard.ts";

export interface RunningServer {
  port: number;
  services: RunningServices;
  /**
   * Stops when all requests have been answered, at the latest before DRAIN_TIME_MS is over.
   *
   * @returns the number of requests that were cut off
   */
  stop(): Promise<number>;
}

/**
 * Starts a server.
 *
 * @param options.grace milliseconds from "not ready" until no more requests are accepted, for load balancers to react
 * @throws PortInUseError
 */
export async function startServer(
  config: Config,
  log: Log,
  options: { grace: number; shared?: boolean },
): Promise<RunningServer> {
  const services = await startServices(config, log, webhookFormatsOf(dialects));
  const app = createApp(services, config);
  const queueDashboard = mountQueueDashboard(app, services, {
    redisUrl: config.REDIS_URL,
    queues: [...queueNames],
    prefix: QUEUE_PREFIX,
  });
  const listen = config.LISTENER === "deno" ? listenDeno : listenNode;
  let listener: Listener;
  try {
    listener = await listen(traceRequests((request, peer) => app.answer(request, peer)), {
      host: config.HOST,
      port: config.PORT,
      shared: options.shared,
    });
  } catch (error) {
    await services.close();
    throw error;
  }
  log.info("server listening", {
    version,
    port: listener.port,
    listener: config.LISTENER,
    traces: isTracing,
  });
  return {
    port: listener.port,
    services,
    async stop() {
      services.beginShutdown();
      const { requests, closing } = divideDrainTime(config.DRAIN_TIME_MS);
      // Half of the rest is for the log: what is not written when the drain time is over is lost.
      const closedBy = performance.now() + requests + closing / 2;
      const cutOff = await listener.drain(Math.min(options.grace, requests / 2), requests);
      if (cutOff > 0) log.warn("requests cut off", { requests: cutOff });
      await within(
        closedBy - performance.now(),
        Promise.allSettled([queueDashboard.close(), services.close()]),
      );
      log.info("server stopped");
      return cutOff;
    },
  };
}
