// Anomalies, alerts, statistics, and webhooks with their deliveries.
import { getAnomalyStats, listAnomalies, resolveAnomaly } from "../domain/anomalies/resolve.ts";
import * as input from "../domain/webhooks/inputs.ts";
import * as anomalyInput from "../domain/anomalies/inputs.ts";
import * as monitoringInput from "../domain/monitoring/inputs.ts";
import { listAlerts } from "../domain/monitoring/alerts.ts";
import { listExpiriesAhead } from "../domain/monitoring/expiries_ahead.ts";
import { readStatistics } from "../domain/monitoring/read_statistics.ts";
import { getVersionsInUse } from "../domain/monitoring/versions.ts";
import { getDelivery, getWebhook, listDeliveries, listWebhooks } from "../domain/webhooks/list.ts";
import * as webhooks from "../domain/webhooks/manage.ts";
import { countReplay, replayDelivery, replaySpan, testWebhook } from "../domain/webhooks/replay.ts";
import { manager, oneId, owner, router, viewer } from "./trpc.ts";

export const anomaliesRouter = router({
  list: viewer.input(anomalyInput.anomalyList).query(({ ctx: { ctx }, input }) => listAnomalies(ctx, input)),
  stats: viewer.query(({ ctx: { ctx } }) => getAnomalyStats(ctx)),
  resolve: manager.input(oneId.extend(anomalyInput.resolution.shape)).mutation(({ ctx: { ctx }, input }) =>
    resolveAnomaly(ctx, { id: input.id, note: input.note })
  ),
});

export const alertsRouter = router({
  list: viewer.input(monitoringInput.alertList).query(({ ctx: { ctx }, input }) => listAlerts(ctx, input)),
});

export const statisticsRouter = router({
  read: viewer.input(monitoringInput.statisticsQuery).query(({ ctx: { ctx }, input }) =>
    readStatistics(ctx, input)
  ),
  expiriesAhead: viewer.input(monitoringInput.expiriesQuery).query(({ ctx: { ctx }, input }) =>
    listExpiriesAhead(ctx, input.days)
  ),
  versionsInUse: viewer.input(monitoringInput.versionsQuery).query(({ ctx: { ctx }, input }) =>
    getVersionsInUse(ctx, input)
  ),
});

export const webhooksRouter = router({
  list: owner.query(({ ctx: { ctx } }) => listWebhooks(ctx)),
  get: owner.input(oneId).query(({ ctx: { ctx }, input }) => getWebhook(ctx, input.id)),
  create: owner.input(input.newWebhook).mutation(async ({ ctx: { ctx, site }, input }) => {
    const terms = { description: "", headers: {}, ...input };
    const { row, secret } = await webhooks.createWebhook(ctx, terms, site.webhookNetworks);
    return { ...await getWebhook(ctx, row.id), secret };
  }),
  edit: owner.input(oneId.extend({ changes: input.webhookChanges })).mutation(
    async ({ ctx: { ctx, site }, input }) => {
      await webhooks.editWebhook(ctx, input.id, input.changes, site.webhookNetworks);
      return await getWebhook(ctx, input.id);
    },
  ),
  switchOn: owner.input(oneId).mutation(async ({ ctx: { ctx }, input }) => {
    await webhooks.setWebhookEnabled(ctx, input.id, true);
    return await getWebhook(ctx, input.id);
  }),
  switchOff: owner.input(oneId).mutation(async ({ ctx: { ctx }, input }) => {
    await webhooks.setWebhookEnabled(ctx, input.id, false);
    return await getWebhook(ctx, input.id);
  }),
  rotateSecret: owner.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    webhooks.rotateWebhookSecret(ctx, input.id)
  ),
  delete: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => webhooks.deleteWebhook(ctx, input.id)),
  test: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => testWebhook(ctx, input.id)),
  deliveries: owner.input(oneId.extend(input.deliveryList.shape)).query((
    { ctx: { ctx }, input: { id, ...query } },
  ) => listDeliveries(ctx, id, query)),
  delivery: owner.input(oneId).query(({ ctx: { ctx, site }, input }) =>
    getDelivery(ctx, input.id, site.webhookFormats)
  ),
  replayDelivery: owner.input(oneId).mutation(({ ctx: { ctx }, input }) => replayDelivery(ctx, input.id)),
  countReplay: owner.input(oneId.extend(input.replay.shape)).query((
    { ctx: { ctx }, input: { id, since, until } },
  ) => countReplay(ctx, id, { since: new Date(since), until: until ? new Date(until) : undefined })),
  replay: owner.input(oneId.extend(input.replay.shape)).mutation((
    { ctx: { ctx }, input: { id, since, until } },
  ) => replaySpan(ctx, id, { since: new Date(since), until: until ? new Date(until) : undefined })),
});
