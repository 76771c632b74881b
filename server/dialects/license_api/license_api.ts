// Dialect 1: every call of the License API and the Version API.
import type { Endpoint } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import type { Limits } from "../../request/limits.ts";
import { activationCalls } from "./activation_calls.ts";
import { infoCall } from "./info_call.ts";
import { sessionCalls } from "./session_calls.ts";
import { v1Calls } from "./v1_calls.ts";
import { versionCalls } from "./version_calls.ts";

export function licenseApiCalls(guards: Guards, limits: Limits): Endpoint[] {
  return [
    ...activationCalls(guards, limits),
    infoCall(guards),
    ...sessionCalls(guards),
    ...versionCalls(guards),
    ...v1Calls(guards),
  ];
}
