// Alerts: their list.
import * as monitoringInput from "../domain/monitoring/inputs.ts";
import { listAlerts } from "../domain/monitoring/alerts.ts";
import { router, viewer } from "./trpc.ts";

export const alertsRouter = router({
  list: viewer.input(monitoringInput.alertList).query(({ ctx: { ctx }, input }) => listAlerts(ctx, input)),
});
