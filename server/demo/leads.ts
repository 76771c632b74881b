// The demo's leads: institutions in every stage, with contacts and activities.
import type { Context } from "../domain/context.ts";
import { stages } from "../domain/leads/inputs.ts";
import { createLead, updateLead } from "../domain/leads/leads.ts";
import { recordActivity } from "../domain/leads/activities.ts";

const institutions = [
  ["Ashford Polytechnic", "university", "Ashford", "United Kingdom", "Ruth Calder"],
  ["Lakeside University", "university", "Bern", "Switzerland", "Noah Frey"],
  ["Marlow Business School", "university", "Marlow", "United Kingdom", "Iris Bell"],
  ["Harbour Textile Institute", "university", "Porto", "Portugal", "Rui Costa"],
  ["Greenfield Fashion", "company", "Lyon", "France", "Claire Petit"],
  ["Okonkwo Designs", "company", "Lagos", "Nigeria", "Chidi Okonkwo"],
  ["Brightside Uniforms", "company", "Leeds", "United Kingdom", "Amy Stone"],
  ["Nakamura Print", "company", "Osaka", "Japan", "Ken Nakamura"],
  ["Solvik Outdoor", "company", "Bergen", "Norway", "Liv Solvik"],
  ["Delta Signworks", "company", "Utrecht", "Netherlands", "Sanne Bakker"],
  ["Ministry of Culture", "government", "Vienna", "Austria", "Eva Huber"],
  ["City of Westbrook", "government", "Westbrook", "United States", "Tom Reed"],
] as const;

const notes = [
  "Saw the demonstration at the fair; wants a quotation for twenty devices.",
  "Asked whether the license can move between laboratories.",
  "Sent the price list and the terms for schools.",
  "Waits for the next budget; call again in a month.",
];

export async function loadLeads(daysAgo: (days: number) => Context): Promise<void> {
  for (const [number, [name, type, city, country, person]] of institutions.entries()) {
    const since = 150 - number * 11;
    const mail = `${person.toLowerCase().replace(" ", ".")}@${
      name.toLowerCase().replace(/[^a-z]+/g, "-")
    }.example`;
    const lead = await createLead(daysAgo(since), {
      name,
      type,
      city,
      country,
      contact: { name: person, email: mail },
    });
    await recordActivity(daysAgo(since - 4), {
      institutionId: lead.id,
      kind: (["call", "email", "meeting", "note"] as const)[number % 4],
      text: notes[number % notes.length],
      happenedAt: daysAgo(since - 4).now.toISOString(),
    });
    const stage = stages[number % stages.length];
    if (stage !== "new") {
      await updateLead(daysAgo(Math.max(1, since - 20)), { id: lead.id, changes: { stage } });
    }
  }
}
