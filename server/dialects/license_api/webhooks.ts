// The webhooks of the License API for the API description: for each public event the schema of its body, and an example
// that the format itself writes.
import { z } from "zod";
import { type PublicEventType, publicEventTypes } from "../../domain/events/catalogue/catalogue.ts";
import { publicEvents } from "../../domain/events/catalogue/public_events.ts";
import type { WebhookDeclaration } from "../../request/dialect_module.ts";
import { snakeCase } from "../../request/names.ts";
import { time } from "./fields.ts";
import { webhookBody } from "./webhook_format.ts";

const ids = {
  license_id: z.int().nullable().describe("The license; null where the event is about none"),
  activation_id: z.string().nullable().describe(
    'The activation, such as "act_123"; null where the event is about none',
  ),
  customer_id: z.int().nullable().describe("The customer; null where the event is about none"),
};

export function listWebhooks(): WebhookDeclaration[] {
  return publicEventTypes.map(describe);
}

function describe(type: PublicEventType): WebhookDeclaration {
  const { title, description, fields } = publicEvents[type];
  const data = Object.entries<z.ZodType>(fields.shape).map(([name, field]) => [snakeCase(name), field]);
  return {
    event: type,
    summary: title,
    description,
    body: z.object({
      event: z.literal(type).describe("The type of the event"),
      timestamp: time.describe("When it happened, in UTC"),
      data: z.object({ ...ids, ...Object.fromEntries(data) }).describe("What it is about"),
    }).meta({ id: nameOf(type), examples: [exampleOf(type)] }),
  };
}

/** "license.activated": LicenseActivatedEvent. */
function nameOf(type: string): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Event`;
}

function exampleOf(type: PublicEventType): unknown {
  const { ids, example } = publicEvents[type];
  return webhookBody({
    uid: "evt",
    type,
    occurredAt: new Date("2026-01-24T10:30:00Z"),
    subjectId: 34,
    licenseId: ids === "none" ? null : 12,
    customerId: ids === "none" ? null : 5,
    activationId: ids === "activation" ? 34 : null,
    after: example,
  });
}
