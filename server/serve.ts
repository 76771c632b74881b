// One server process from its configuration to its end, for production and development alike.
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { listenComplete, type Listener, listenFast } from "./listen.ts";
import type { Log } from "./log.ts";
import { type OpenHouse, openHouse } from "./open_house.ts";
import { mountQueuesPage } from "./queues_door.ts";

export interface RunningServer {
  port: number;
  house: OpenHouse;
  /** Stops without cutting a request off. */
  stop(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param options.grace milliseconds between saying "not ready" and taking no more requests, for those who send them
 *   to notice
 * @throws PortTaken
 */
export async function startServer(
  config: Config,
  log: Log,
  options: { grace: number; shared?: boolean },
): Promise<RunningServer> {
  const house = await openHouse(config, log);
  const app = createApp(house, config);
  const queuesPage = mountQueuesPage(app, house, config);
  const listen = config.LISTENER === "fast" ? listenFast : listenComplete;
  let listener: Listener;
  try {
    listener = await listen((request, peer) => app.fetch(request, peer), {
      host: config.HOST,
      port: config.PORT,
      shared: options.shared,
    });
  } catch (error) {
    await house.close();
    throw error;
  }
  log.info("server listening", { port: listener.port, listener: config.LISTENER });
  return {
    port: listener.port,
    house,
    async stop() {
      house.closeDoors();
      await listener.drain(options.grace);
      await queuesPage.close();
      await house.close();
      log.info("server stopped");
    },
  };
}
