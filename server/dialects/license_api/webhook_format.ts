// The documented body of a webhook, built from the public data of the catalogue of events.
import { publicDataOf } from "../../domain/events/catalogue/catalogue.ts";
import type { DeliveredEvent } from "../../domain/webhooks/deliver.ts";
import { snakeCase } from "../../request/names.ts";
import { wireTime } from "../../request/wire_time.ts";

export function webhookFormat(event: DeliveredEvent): string {
  const data = Object.entries(publicDataOf(event)).map(([name, value]) => [snakeCase(name), value]);
  return JSON.stringify({
    event: event.type,
    timestamp: wireTime(event.occurredAt),
    data: {
      license_id: event.licenseId,
      activation_id: event.activationId === null ? null : `act_${event.activationId}`,
      customer_id: event.customerId,
      ...Object.fromEntries(data),
    },
  });
}
