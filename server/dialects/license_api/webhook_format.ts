// The documented body of a webhook, built from the public data of the catalogue of events.
import { publicDataOf } from "../../domain/events/catalogue/catalogue.ts";
import type { DeliveredEvent } from "../../domain/webhooks/deliver.ts";
import { snakeCase } from "../../request/names.ts";
import { wireTime } from "../../request/wire_time.ts";

export function webhookFormat(event: DeliveredEvent): string {
  return JSON.stringify(webhookBody(event));
}

/** The same before it is written. */
export function webhookBody(event: DeliveredEvent): Record<string, unknown> {
  const data = Object.entries(publicDataOf(event)).map(([name, value]) => [snakeCase(name), value]);
  return {
    event: event.type,
    timestamp: wireTime(event.occurredAt),
    data: {
      license_id: event.licenseId,
      activation_id: event.activationId === null ? null : `act_${event.activationId}`,
      customer_id: event.customerId,
      ...Object.fromEntries(data),
    },
  };
}
