// The way to the queues' own page, for owners alone. The page is large and seldom wanted, so it is loaded when an owner
// first comes.
import { Hono } from "hono";
import { PREFIX, queues } from "../../worker/queues.ts";
import type { Config } from "../config.ts";
import { identifyAdministrator } from "../request/credentials.ts";
import { requireRank } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import type { AppServices } from "../request/app_services.ts";
import { documentedForm } from "../request/error_form.ts";
import type { App } from "../request/mount.ts";
import type { QueuesPage } from "./queue_dashboard_app.ts";

/** Where the page is. */
const PATH = "/admin/queues";

/**
 * Mounts the way to the page.
 *
 * @returns what closes it
 */
export function mountQueuesPage(app: App, services: AppServices, config: Config): { close(): Promise<void> } {
  let opened: Promise<{ page: QueuesPage; app: Hono }> | null = null;
  const open = async () => {
    const { createQueuesPage } = await import("./queue_dashboard_app.ts");
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
        const asked = { db: services.db, cache: services.cache, now: new Date(), requestId: null };
        requireRank(await identifyAdministrator(c.req.raw, asked, config.PUBLIC_URL), "owner");
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const { status, body } = documentedForm.errorResponse(error);
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
