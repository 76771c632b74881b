// The catalogue of events: for each type its subject, the schema of its facts, whether it is public and with which data,
// what it invalidates and what it refreshes. Webhooks, the panel's refreshes and the cache's tags follow from it.
import type { z } from "zod";
import { accountEvents } from "./account_events.ts";
import type { EventDefinition } from "./definition.ts";
import { licenseEvents } from "./license_events.ts";
import { salesEvents } from "./sales_events.ts";
import { systemEvents } from "./system_events.ts";

const definitions = { ...licenseEvents, ...salesEvents, ...accountEvents, ...systemEvents };
type Definitions = typeof definitions;

export type EventType = keyof Definitions;

/** Events that webhooks deliver. */
export type PublicEventType = {
  [Type in EventType]: Definitions[Type] extends { publicData: unknown } ? Type : never;
}[EventType];

/** The facts that webhooks deliver of a type beside the ids. */
export type PublicData<Type extends PublicEventType> = ReturnType<Definitions[Type]["publicData"]>;

type Field<Name extends "before" | "after", Definition> = Definition extends
  { [N in Name]: infer Schema extends z.ZodType }
  ? null extends z.input<Schema> ? { [N in Name]?: z.input<Schema> } : { [N in Name]: z.input<Schema> }
  : { [N in Name]?: undefined };

/** The facts that an event of a type is recorded with. */
export type EventFacts<Type extends EventType> = {
  [T in Type]: Field<"before", Definitions[T]> & Field<"after", Definitions[T]>;
}[Type];

export const catalogue: Readonly<Record<EventType, EventDefinition>> = definitions;

export const eventTypes = Object.keys(catalogue) as EventType[];

export const publicEventTypes = eventTypes.filter(isPublic);

/** The entry of a stored event's type; undefined for one that the catalogue no longer has. */
export function definitionOf(type: string): EventDefinition | undefined {
  return Object.hasOwn(catalogue, type) ? catalogue[type as EventType] : undefined;
}

/** Whether webhooks deliver events of a type. */
export function isPublic(type: EventType): type is PublicEventType {
  return definitionOf(type)?.publicData !== undefined;
}

/** The facts of a stored event that webhooks deliver beside the ids. */
export function publicDataOf(
  event: { type: EventType; subjectId: number; after: Record<string, unknown> | null },
): Record<string, unknown> {
  return definitionOf(event.type)?.publicData?.({ subjectId: event.subjectId, after: event.after ?? {} }) ??
    {};
}
