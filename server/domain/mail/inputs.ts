// Input of mails: lists, templates, and what is sent on request.
import { z } from "zod";
import { id, ids, line, multilineText } from "../input_fields.ts";

export const mailList = z.union([
  z.strictObject({ licenseId: id }),
  z.strictObject({ customerId: id }),
  z.strictObject({ userId: id }),
  z.strictObject({ invitationId: id }),
]);

/** Subject and text of a template. */
export const templateText = z.strictObject({
  subject: line(200).describe("Subject, with variables"),
  body: multilineText(10_000).min(1).refine((text) => text.trim() !== "", "must not be empty").describe(
    "Text, with variables; blank lines separate paragraphs",
  ),
});

const kind = z.string().max(63).describe("Which mail");

export const templatePreview = templateText.extend({ kind });

/** The template that was edited: another one saved since is not overwritten. */
export const templateReset = z.strictObject({
  kind,
  was: z.strictObject({ subject: z.string().max(200), body: z.string().max(10_000) }),
});

export const templateChange = templatePreview.extend({ was: templateReset.shape.was });

export const mailAddress = z.strictObject({ email: z.string().max(254) });

export const licenseMails = z.strictObject({ licenseIds: ids.describe("The licenses") });
