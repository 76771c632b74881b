// Administration over REST: the documented calls, and the rest of what an owner needs.
import type { SecurityScheme } from "../request/dialect_module.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import type { Limits } from "../request/limits.ts";
import { customerCalls } from "./customer_calls.ts";
import { deviceCalls } from "./device_calls.ts";
import { houseCalls } from "./administrator_calls.ts";
import { leadCalls } from "./lead_calls.ts";
import { licenseCalls } from "./license_calls.ts";
import { monitoringCalls } from "./monitoring_calls.ts";
import { nounsCalls } from "./nouns.ts";
import { resourceCalls } from "./resource_calls.ts";
import { searchCall } from "./search_call.ts";
import { sessionCalls } from "./session_calls.ts";
import { userCalls } from "./user_calls.ts";
import { watchCalls } from "./alert_calls.ts";
import { webhookCalls } from "./webhook_calls.ts";
import type { Site } from "../request/services.ts";

export const adminSecuritySchemes: Record<string, SecurityScheme> = {
  administrator: {
    type: "http",
    scheme: "bearer",
    description: "An administrator's token, from POST /api/admin/login or made in the panel",
  },
  analytics: {
    type: "http",
    scheme: "bearer",
    description: "The same, or the token of GET /api/admin/license/auth-token",
  },
};

export function adminCalls(guards: Guards, limits: Limits, site: Site): Endpoint[] {
  return [
    ...sessionCalls(guards, limits, site),
    ...customerCalls(guards),
    ...licenseCalls(guards),
    ...deviceCalls(guards),
    ...resourceCalls(guards),
    searchCall(guards),
    ...monitoringCalls(guards),
    ...leadCalls(guards),
    ...nounsCalls(guards),
    ...houseCalls(guards, site),
    ...userCalls(guards),
    ...watchCalls(guards),
    ...webhookCalls(guards, site),
  ];
}
