// From the fields of a form to what the server takes of a new lead: its first contact is a thing of its own, and none
// when nothing is said of it. Fields are named as the server names what is wrong.
import type { LeadValues } from "./LeadFields.tsx";

export interface NewLeadValues extends LeadValues {
  "contact.name": string;
  "contact.position": string;
  "contact.email": string;
  "contact.phone": string;
}

/** What the server takes of a lead's own fields; a type is one word in small letters. */
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
