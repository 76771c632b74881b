// The documented body of a webhook, made from the public data of the catalogue of events.
import { publicDataOf } from "../events/catalogue/catalogue.ts";
import type { DeliveredEvent } from "./deliver.ts";

/** The body of a webhook; the same on every attempt. */
export function wirePayload(event: DeliveredEvent): string {
  const data = Object.entries(publicDataOf(event)).map(([name, value]) => [snakeCase(name), value]);
  return JSON.stringify({
    event: event.type,
    timestamp: `${event.occurredAt.toISOString().slice(0, 19)}Z`,
    data: {
      license_id: event.licenseId,
      activation_id: event.activationId === null ? null : `act_${event.activationId}`,
      customer_id: event.customerId,
      ...Object.fromEntries(data),
    },
  });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
