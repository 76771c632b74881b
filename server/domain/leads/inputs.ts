// Input of leads, their contacts and activities.
import { z } from "zod";
import {
  code,
  id,
  instant,
  line,
  multilineText,
  optionalEmail,
  optionalLine,
  tags,
} from "../input_fields.ts";
import { deleted, listInput, tag, timeRange } from "../list_inputs.ts";

export const stages = ["new", "contacted", "qualified", "proposal", "won", "lost"] as const;
export type Stage = typeof stages[number];

const stage = z.enum(stages).describe("Stage; a lead that is won becomes a customer");

export const contact = z.strictObject({
  name: line(255).describe("Name of the person"),
  email: optionalEmail.optional().describe("Email address"),
  phone: optionalLine(64).optional().describe("Phone number"),
  position: optionalLine(255).optional().describe("Position"),
});

const institution = {
  name: line(255).describe("Name of the institution"),
  type: code.optional().describe("university, company, government or another; default company"),
  stage: stage.optional(),
  website: optionalLine(2000).optional().describe("Website"),
  city: optionalLine(255).optional().describe("City"),
  country: optionalLine(255).optional().describe("Country"),
  notes: multilineText(20_000).optional().describe("Notes"),
  tags: tags.optional(),
};

export const newLead = z.strictObject({
  ...institution,
  contact: contact.nullable().optional().describe("The first contact"),
});

export const leadChanges = z.strictObject(institution).partial();

export const leadList = listInput(["id", "name"], {
  deleted,
  type: code.optional().describe("Leads of this type only"),
  stage: stage.optional(),
  tag,
  ...timeRange("created", "Created"),
});

export const newContact = contact.extend({ institutionId: id.describe("The lead") });
export const contactChanges = contact.partial();

export const newActivity = z.strictObject({
  institutionId: id.describe("The lead"),
  contactId: id.nullable().optional().describe("The contact"),
  kind: z.enum(["call", "email", "meeting", "note"]).describe("Kind of activity"),
  text: multilineText(20_000).min(1).describe("Description"),
  happenedAt: instant.optional().describe("Time of the activity; default now"),
});

/** The column headings of exported and imported lead tables. */
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
  "Revision",
] as const;
