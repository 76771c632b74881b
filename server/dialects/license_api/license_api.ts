// The License API and the Version API, as documented in the first document.
import type { DialectModule } from "../../request/dialect_module.ts";
import { documentedForm } from "../../request/error_form.ts";
import { activationCalls } from "./activation_calls.ts";
import { fileCalls } from "./file_calls.ts";
import { infoCall } from "./info_call.ts";
import { sessionCalls } from "./session_calls.ts";
import { trialCall } from "./trial_call.ts";
import { usageCalls } from "./usage_calls.ts";
import { validationCalls } from "./validation_calls.ts";
import { v1Calls } from "./v1_calls.ts";
import { versionCalls } from "./version_calls.ts";
import { webhookFormat } from "./webhook_format.ts";
import { listWebhooks } from "./webhooks.ts";

export const licenseApi: DialectModule = {
  name: "license_api",
  prefixes: ["/api/license", "/api/version", "/api/v1"],
  securitySchemes: {
    apiKey: {
      type: "apiKey",
      in: "header",
      name: "X-API-Key",
      description: "An API key, created in the panel",
    },
  },
  tags: [
    { name: "License API", description: "Activate, validate and deactivate licenses with an API key." },
    {
      name: "App sessions",
      description: "Concurrent users: running copies of an app, within the limit of a license.",
    },
    {
      name: "License files",
      description: "Files by which a device uses its license without a connection.",
    },
    {
      name: "Metered use",
      description: "Units that an app uses, such as exports, within the limits of a license's meters.",
    },
    { name: "Releases", description: "Releases of a product and update checks." },
    {
      name: "Legacy v1",
      description: "Activation and validation under the names of the documented v1 clients.",
    },
  ],
  form: documentedForm,
  cors: true,
  endpoints: ({ guards, limits }) => [
    ...activationCalls(guards),
    ...validationCalls(guards, limits),
    trialCall(guards),
    infoCall(guards),
    ...sessionCalls(guards),
    ...fileCalls(guards),
    ...usageCalls(guards),
    ...versionCalls(guards),
    ...v1Calls(guards),
  ],
  webhookFormat,
  webhooks: listWebhooks,
};
