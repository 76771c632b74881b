// Every procedure. The panel depends on this type alone.
import { accountRouter } from "./account.ts";
import { administratorsRouter } from "./administrators.ts";
import { plansRouter, productsRouter, releasesRouter } from "./catalogue.ts";
import { customersRouter } from "./customers.ts";
import { apiKeysRouter, eventsRouter, monitoringRouter, searchRouter, settingsRouter } from "./system.ts";
import { devicesRouter, licensesRouter, sessionsRouter } from "./licenses.ts";
import { jobsRouter } from "./jobs.ts";
import { leadsRouter } from "./leads.ts";
import { resourcesRouter } from "./resources.ts";
import { alertsRouter, anomaliesRouter, statisticsRouter, webhooksRouter } from "./monitoring.ts";
import { router } from "./trpc.ts";
import { signingKeysRouter, usersRouter } from "./users.ts";

export const appRouter = router({
  account: accountRouter,
  administrators: administratorsRouter,
  alerts: alertsRouter,
  anomalies: anomaliesRouter,
  apiKeys: apiKeysRouter,
  customers: customersRouter,
  devices: devicesRouter,
  events: eventsRouter,
  jobs: jobsRouter,
  leads: leadsRouter,
  licenses: licensesRouter,
  monitoring: monitoringRouter,
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
