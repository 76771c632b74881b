// Webhooks: their list, changes, deliveries and replays.
import * as input from "../domain/webhooks/inputs.ts";
import { getDelivery, getWebhook, listDeliveries, listWebhooks } from "../domain/webhooks/list.ts";
import * as webhooks from "../domain/webhooks/manage.ts";
import { countReplay, replayDelivery, replaySpan, testWebhook } from "../domain/webhooks/replay.ts";
import { editOf, oneId, owner, router } from "./trpc.ts";

export const webhooksRouter = router({
  list: owner.query(({ ctx: { ctx } }) => listWebhooks(ctx)),
  get: owner.input(oneId).query(({ ctx: { ctx }, input }) => getWebhook(ctx, input.id)),
  /** The names of the formats that can be chosen. */
  formats: owner.query(({ ctx: { site } }) => Object.keys(site.webhookFormats)),
  create: owner.input(input.newWebhook).mutation(async ({ ctx: { ctx, site }, input }) => {
    const terms = { description: "", headers: {}, ...input };
    const { row, secret } = await webhooks.createWebhook(
      ctx,
      terms,
      site.webhookNetworks,
      site.webhookFormats,
    );
    return { ...await getWebhook(ctx, row.id), secret };
  }),
  edit: owner.input(editOf(input.webhookChanges)).mutation(
    async ({ ctx: { ctx, site }, input }) => {
      const { id, changes, revision } = input;
      await webhooks.editWebhook(ctx, id, changes, site.webhookNetworks, site.webhookFormats, { revision });
      return await getWebhook(ctx, input.id);
    },
  ),
  enable: owner.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    webhooks.setWebhookEnabled(ctx, input.id, true)
  ),
  disable: owner.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    webhooks.setWebhookEnabled(ctx, input.id, false)
  ),
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
