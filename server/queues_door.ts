// The way to the queues' own page, for owners alone. The page is large and seldom wanted, so it is loaded when an owner
// first comes.
import { Hono } from "hono";
import { PREFIX, queues } from "../worker/queues.ts";
import type { Config } from "./config.ts";
import { identifyAdministrator } from "./credentials.ts";
import { requireRank } from "./domain/context.ts";
import { Refusal } from "./domain/refusals.ts";
import type { House } from "./rest/house.ts";
import { licenseApi } from "./rest/license_api/dialect.ts";
import type { App } from "./rest/mount.ts";
import type { QueuesPage } from "./queues_page.ts";

/** Where the page is. */
const PATH = "/admin/queues";

/**
 * Mounts the way to the page.
 *
 * @returns what closes it
 */
export function mountQueuesPage(app: App, house: House, config: Config): { close(): Promise<void> } {
  let opened: Promise<{ page: QueuesPage; app: Hono }> | null = null;
  const open = async () => {
    const { createQueuesPage } = await import("./queues_page.ts");
    const page = createQueuesPage({
      redisUrl: config.REDIS_URL,
      path: PATH,
      queues: Object.keys(queues),
      prefix: PREFIX,
      guard: (_, next) => next(),
    });
    return { page, app: new Hono().route(PATH, page.app) };
  };
  for (const path of [PATH, `${PATH}/*`]) {
    app.all(path, async (c) => {
      try {
        const asked = { db: house.db, memory: house.memory, now: new Date() };
        requireRank(await identifyAdministrator(c.req.raw, asked, config.PUBLIC_URL), "owner");
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { status, body } = licenseApi.refusal(error);
        return Response.json(body, { status });
      }
      opened ??= open();
      return await (await opened).app.fetch(c.req.raw);
    });
  }
  return {
    async close() {
      await (await opened)?.page.close();
    },
  };
}
