// Mails: what became of those that were queued, the templates, and keys that are mailed on request.
import { isDomainError } from "../domain/errors.ts";
import { requestDelivery } from "../domain/licenses/deliver.ts";
import * as input from "../domain/mail/inputs.ts";
import { listMails, listUnsubscribed } from "../domain/mail/list.ts";
import { brandOf } from "../domain/mail/queue.ts";
import { listTemplates, previewTemplate, resetTemplate, saveTemplate } from "../domain/mail/templates.ts";
import { describeApiError } from "../request/error_form.ts";
import { manager, owner, router, viewer } from "./trpc.ts";

export const mailsRouter = router({
  list: viewer.input(input.mailList).query(({ ctx: { ctx }, input }) => listMails(ctx, input)),
  unsubscribed: viewer.input(input.mailAddress).query(({ ctx: { ctx }, input }) =>
    listUnsubscribed(ctx, input)
  ),
  /** Mails the keys of licenses to their customers. */
  sendLicenses: manager.input(input.licenseMails).mutation(({ ctx: { ctx }, input }) =>
    requestDelivery(ctx, input)
  ),
  templates: owner.query(({ ctx: { ctx } }) => listTemplates(ctx)),
  /**
   * A mail with samples, or what is wrong with its template. It changes nothing; a mutation because a template may exceed the
   * length of a URL.
   */
  preview: owner.input(input.templatePreview).mutation(({ ctx: { ctx }, input }) => {
    try {
      return { content: previewTemplate(ctx, input, { brand: brandOf(ctx) }), problem: null };
    } catch (error) {
      if (!isDomainError(error, "INVALID_REQUEST")) throw error;
      return { content: null, problem: describeApiError(error).message };
    }
  }),
  saveTemplate: owner.input(input.templateChange).mutation(({ ctx: { ctx }, input }) =>
    saveTemplate(ctx, input)
  ),
  resetTemplate: owner.input(input.templateReset).mutation(({ ctx: { ctx }, input }) =>
    resetTemplate(ctx, input)
  ),
});
