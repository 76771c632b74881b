// Converts the lead forms to the API's input. Fields of the first contact are named as in the API's errors; without
// any of them there is no contact.
import type { Lead } from "./lead.ts";
import type { LeadValues } from "./LeadFields.tsx";

export interface NewLeadValues extends LeadValues {
  "contact.name": string;
  "contact.position": string;
  "contact.email": string;
  "contact.phone": string;
}

/** The values of a lead's own fields. */
export function valuesOfLead({ name, type, stage, website, city, country, notes, tags }: Lead): LeadValues {
  return {
    name,
    type,
    stage,
    website: website ?? "",
    city: city ?? "",
    country: country ?? "",
    notes,
    tags,
  };
}

/** Converts a lead's own fields. A type is one lower-case word. */
export function prepareLead<Values extends LeadValues>(values: Values): Values {
  return { ...values, type: values.type.trim().toLowerCase().replaceAll(" ", "_") };
}

export function prepareNewLead(values: NewLeadValues) {
  const {
    "contact.name": name,
    "contact.position": position,
    "contact.email": email,
    "contact.phone": phone,
    ...lead
  } = values;
  const contact = { name, position, email, phone };
  const isKnown = Object.values(contact).some((value) => value.trim() !== "");
  return { ...prepareLead(lead), contact: isKnown ? contact : null };
}
