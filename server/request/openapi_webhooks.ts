// The webhooks of the API description: requests that the server sends, signed by Standard Webhooks.
import type { ApiTag, WebhookDeclaration } from "./dialect_module.ts";
import { exampleOf } from "./openapi_examples.ts";
import type { Components } from "./openapi_schemas.ts";
import type { ApiOperation, ApiParameter } from "./openapi_types.ts";

export const webhookTag: ApiTag = {
  name: "Webhook events",
  description: "Requests that the server sends to webhook endpoints when something happens.",
};

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const parameters: ApiParameter[] = [
  {
    name: "webhook-id",
    description: "Identifies the event; the same for every attempt",
    schema: { type: "string" },
    example: "0198c0de-6f1c-7a52-8f0d-3b1f1e5a9c44",
  },
  {
    name: "webhook-timestamp",
    description: "When the attempt was made, in Unix seconds; refuse old ones",
    schema: { type: "string" },
    example: "1769250600",
  },
  {
    name: "webhook-signature",
    description: "One or more signatures, separated by spaces: v1, a comma, and the HMAC-SHA256 in base64",
    schema: { type: "string" },
    example: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  },
].map((parameter) => ({ ...parameter, in: "header", required: true }));

/** The operation that an endpoint of the receiver implements. */
export function describeWebhook(
  { event, summary, description, body }: WebhookDeclaration,
  components: Components,
): ApiOperation {
  const schema = components.schemaOf(body, "output");
  return {
    summary,
    description,
    tags: [webhookTag.name],
    operationId: operationIdOf(event),
    security: [],
    parameters,
    requestBody: {
      required: true,
      content: { "application/json": { schema, example: exampleOf(schema, components.schemas) } },
    },
    responses: {
      "2XX": { description: "The event was received; it is not sent again" },
      "410": { description: "The endpoint is gone: it is disabled" },
      "4XX": { description: "The delivery failed and is retried" },
      "5XX": { description: "The delivery failed and is retried" },
    },
  };
}

/** "license.activated": onLicenseActivated. */
function operationIdOf(event: string): string {
  return `on${event.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
}
