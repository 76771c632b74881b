// Dialect 2: every call of the Upload Bridge API v2.
import type { Endpoint } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import type { Limits } from "../../request/limits.ts";
import { deviceCalls } from "./device_calls.ts";
import { createUserGuards } from "./guards.ts";
import { licenseCalls } from "./license_calls.ts";
import { openCalls } from "./open_calls.ts";
import { signInCalls } from "./sign_in_calls.ts";

export function uploadBridgeCalls(guards: Guards, limits: Limits): Endpoint[] {
  const users = createUserGuards(limits);
  return [
    ...openCalls(guards),
    ...signInCalls(users, limits),
    ...licenseCalls(users, limits),
    ...deviceCalls(users, limits),
  ];
}
