// How an event is told to the outside: the documented payload. Nothing else in the domain knows these names.
import type { DeliveredEvent } from "./deliver.ts";

type Facts = Record<string, unknown>;

/** What some events tell beside whom they are about. */
const details: Record<string, (after: Facts, event: DeliveredEvent) => Facts> = {
  "license.expiring": ({ validUntil, daysLeft }) => ({ valid_until: validUntil, days_left: daysLeft }),
  "license.expired": ({ validUntil }) => ({ valid_until: validUntil }),
  "usage.threshold": ({ of, threshold, inUse, limit }) => ({ of, threshold, in_use: inUse, limit }),
  "activity.suspicious": ({ kind }, { subjectId }) => ({ anomaly_id: subjectId, type: kind }),
  "release.published": ({ productId, version, isMandatory }, { subjectId }) => ({
    release_id: subjectId,
    product_id: productId,
    version,
    is_mandatory: isMandatory,
  }),
};

/** The body of a webhook; the same on every attempt. */
export function wirePayload(event: DeliveredEvent): string {
  return JSON.stringify({
    event: event.type,
    timestamp: `${event.occurredAt.toISOString().slice(0, 19)}Z`,
    data: {
      license_id: event.licenseId,
      activation_id: event.activationId === null ? null : `act_${event.activationId}`,
      customer_id: event.customerId,
      ...details[event.type]?.(event.after ?? {}, event),
    },
  });
}
