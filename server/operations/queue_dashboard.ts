// The dashboard of the job queues, for owners. Its packages are large and seldom used, so they are loaded when an owner
// first opens it.
import { lazy } from "../domain/lazy.ts";
import { requireAtLeast } from "../domain/authorization.ts";
import { identifyAdministrator } from "../request/authentication.ts";
import type { App } from "../request/app.ts";
import { documentedForm } from "../request/error_form.ts";
import { pathOf } from "../request/paths.ts";
import { compileHandler } from "../request/pipeline.ts";
import { limitSubject } from "../request/request_context.ts";
import type { AppServices } from "../request/services.ts";
import type { DashboardOptions, QueueDashboard } from "./queue_dashboard_app.ts";

const PATH = "/admin/queues";

/** Its page names a base address, has styles in its markup, and links to a font of another host, which is not loaded. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/**
 * Mounts the dashboard.
 *
 * @returns what closes it
 */
export function mountQueueDashboard(
  app: App,
  services: AppServices,
  options: Pick<DashboardOptions, "redisUrl" | "queues" | "prefix">,
): { close(): Promise<void> } {
  let opened: QueueDashboard | null = null;
  const open = lazy(() =>
    import("./queue_dashboard_app.ts").then(({ createQueueDashboard }) =>
      opened = createQueueDashboard({ ...options, path: PATH, getPath: pathOf })
    )
  );
  const handle = compileHandler(services, documentedForm, PATH, async (request) => {
    const actor = request.actor = await identifyAdministrator(request);
    requireAtLeast(actor, "owner");
    const { administrator } = services.limits;
    if (administrator) await request.consume(administrator, limitSubject(actor));
    const { app } = await open();
    const response = await app.fetch(request.raw);
    response.headers.set("content-security-policy", policy);
    return response;
  });
  for (const path of [PATH, `${PATH}/*`]) app.all(path, handle);
  return {
    async close() {
      await opened?.close();
    },
  };
}
