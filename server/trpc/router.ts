// Every procedure. The panel depends on this type alone.
import { accountRouter } from "./account.ts";
import { administratorsRouter } from "./administrators.ts";
import { alertsRouter } from "./alerts.ts";
import { anomaliesRouter } from "./anomalies.ts";
import { apiKeysRouter } from "./api_keys.ts";
import { apiRequestsRouter } from "./api_requests.ts";
import { customersRouter } from "./customers.ts";
import { devicesRouter } from "./devices.ts";
import { eventsRouter } from "./events.ts";
import { jobsRouter } from "./jobs.ts";
import { leadsRouter } from "./leads.ts";
import { licenseFilesRouter } from "./license_files.ts";
import { licensesRouter } from "./licenses.ts";
import { mailsRouter } from "./mails.ts";
import { monitoringRouter } from "./monitoring.ts";
import { notificationsRouter } from "./notifications.ts";
import { plansRouter } from "./plans.ts";
import { productsRouter } from "./products.ts";
import { releasesRouter } from "./releases.ts";
import { resourcesRouter } from "./resources.ts";
import { searchRouter } from "./search.ts";
import { sessionsRouter } from "./sessions.ts";
import { settingsRouter } from "./settings.ts";
import { signingKeysRouter } from "./signing_keys.ts";
import { statisticsRouter } from "./statistics.ts";
import { usersRouter } from "./users.ts";
import { webhooksRouter } from "./webhooks.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  account: accountRouter,
  administrators: administratorsRouter,
  alerts: alertsRouter,
  anomalies: anomaliesRouter,
  apiKeys: apiKeysRouter,
  apiRequests: apiRequestsRouter,
  customers: customersRouter,
  devices: devicesRouter,
  events: eventsRouter,
  jobs: jobsRouter,
  leads: leadsRouter,
  licenseFiles: licenseFilesRouter,
  licenses: licensesRouter,
  mails: mailsRouter,
  monitoring: monitoringRouter,
  notifications: notificationsRouter,
  plans: plansRouter,
  products: productsRouter,
  releases: releasesRouter,
  resources: resourcesRouter,
  search: searchRouter,
  sessions: sessionsRouter,
  settings: settingsRouter,
  signingKeys: signingKeysRouter,
  statistics: statisticsRouter,
  users: usersRouter,
  webhooks: webhooksRouter,
});

export type AppRouter = typeof appRouter;
