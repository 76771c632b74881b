// Input of the lead calls: a browser's form or JSON, with the first contact's fields beside the institution's.
import { z } from "zod";
import { contact, leadChanges, newLead } from "../domain/leads/inputs.ts";
import type { RequestContext } from "../request/request_context.ts";
import { parseJson } from "../request/body.ts";
import type { Answer, Dialect } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import { decodeForm } from "../request/forms.ts";

const FORM = "application/x-www-form-urlencoded";

/** Whether a form was submitted by a browser, which expects a page; scripts accept JSON. */
function expectsPage(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return isForm(request) && (accept.includes("text/html") || !accept.includes("application/json"));
}

/** The response to a form submitted by a browser. */
export const redirect = { description: "For a form: the page that shows the result" };

/** The page that shows the result for a form, JSON for everything else. */
export function answerForm<Json extends Answer>(
  request: RequestContext,
  page: string,
  json: Json,
): Json | Answer<303, null> {
  return expectsPage(request.raw) ? { status: 303, body: null, headers: { location: page } } : json;
}

function isForm(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return type.startsWith(FORM) || type.startsWith("multipart/form-data");
}

/** The form of the License API, which accepts HTML forms as well. */
export const leadDialect: Dialect = {
  ...documentedForm,
  bodyTypes: ["application/json", FORM],
  parse: (text, request) => isForm(request) ? readForm(text) : parseJson(text),
};

/** A form always sends all of its fields; an empty choice is omitted. */
function readForm(text: string): Record<string, string> {
  const form = Object.fromEntries(decodeForm(text));
  for (const choice of ["type", "stage", "contact_name"]) if (form[choice] === "") delete form[choice];
  return form;
}

const { contact: _, ...institution } = newLead.shape;

export const leadBody = z.strictObject({
  ...institution,
  contact_name: contact.shape.name.optional().describe("Name of the first contact"),
  contact_email: contact.shape.email,
  contact_phone: contact.shape.phone,
  contact_position: contact.shape.position,
}).transform(({ contact_name, contact_email, contact_phone, contact_position, ...lead }) => ({
  ...lead,
  contact: contact_name
    ? { name: contact_name, email: contact_email, phone: contact_phone, position: contact_position }
    : null,
}));

/** A form sends all fields and no headers: the revision they were filled from is a hidden field of it. */
export const leadChangesBody = leadChanges.extend({
  revision: z.string().min(1).max(100).optional().describe(
    "Revision of the lead that the form was filled from; the change is rejected if the lead was changed since",
  ),
});
