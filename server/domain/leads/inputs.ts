// What administration may send about leads: institutions, the people there, and what was said.
import { z } from "zod";
import { code, id, instant, line, multilineText, optionalEmail, optionalLine } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const stages = ["new", "contacted", "qualified", "proposal", "won", "lost"] as const;
const stage = z.enum(stages).describe("How far it is; a lead that is won becomes a customer");

export const contact = z.strictObject({
  name: line(255).describe("The person's name"),
  email: optionalEmail.optional().describe("The address"),
  phone: optionalLine(64).optional().describe("The telephone number"),
  position: optionalLine(255).optional().describe("What they are there"),
});

const institution = {
  name: line(255).describe("The institution's name"),
  type: code.optional().describe("university, company, government, or another; company when not given"),
  stage: stage.optional(),
  website: optionalLine(2000).optional().describe("Its address in the web"),
  city: optionalLine(255).optional().describe("Where it is"),
  country: optionalLine(255).optional().describe("In which country"),
  notes: multilineText(20_000).optional().describe("What else is known"),
};

export const newLead = z.strictObject({
  ...institution,
  contact: contact.nullable().optional().describe("The first person there"),
});

export const leadChanges = z.strictObject(institution).partial();

export const leadList = listInput(["id", "name"], {
  deleted,
  type: code.optional().describe("Of this type"),
  stage: stage.optional(),
});

export const newContact = contact.extend({ institutionId: id.describe("The lead") });
export const contactChanges = contact.partial();

export const newActivity = z.strictObject({
  institutionId: id.describe("The lead"),
  contactId: id.nullable().optional().describe("With whom"),
  kind: z.enum(["call", "email", "meeting", "note"]).describe("What it was"),
  text: multilineText(20_000).min(1).describe("What was said"),
  happenedAt: instant.optional().describe("When; now when not given"),
});

/** The columns of a table of leads, as they go out and come in. */
export const leadHeadings = [
  "Name",
  "Type",
  "Stage",
  "Website",
  "City",
  "Country",
  "Notes",
  "Contact name",
  "Contact email",
  "Contact phone",
  "Contact position",
] as const;

/** For what the columns of a table are taken, by their headings in the file. */
export const columnMapping = z.record(z.string().max(1000), z.string().max(100).nullable()).refine(
  (mapping) => Object.keys(mapping).length <= 500,
  "names too many columns",
);
