// The form of what programs write: each member of a status and of an error has to be there, of its type.
import type { Answer } from "./program.ts";

type Is = (value: unknown) => boolean;

const text: Is = (value) => typeof value === "string";
const number: Is = (value) => typeof value === "number";
const flag: Is = (value) => typeof value === "boolean";
const object: Is = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const orNull = (is: Is): Is => (value) => value === null || is(value);

const errorMembers: Record<string, Is> = {
  code: text,
  message: (value) => typeof value === "string" && value.length > 0,
  status: number,
  request_id: orNull(text),
  details: object,
  retry_after: orNull(number),
};

/** States, and whether the license may be used in them. */
export const states: Record<string, boolean> = {
  valid: true,
  grace: true,
  offline_grace: true,
  expired: false,
  disabled: false,
  not_activated: false,
  limit_reached: false,
  revoked: false,
  wrong_machine: false,
  version_not_entitled: false,
  clock_tampered: false,
  invalid: false,
};

const statusMembers: Record<string, Is> = {
  state: (value) => typeof value === "string" && value in states,
  usable: flag,
  reason: (value) => typeof value === "string" && value.length > 0,
  code: orNull(text),
  entitlements: object,
  max_users: orNull(number),
  license_ends: orNull(text),
  grace_ends: orNull(text),
  file_ends: orNull(number),
  checked_at: orNull(number),
  file: orNull(object),
  error: orNull(object),
  storage_error: orNull(text),
};

/** What is wrong with an answer that has a status or an error. */
export function statusProblems({ status, error }: Answer): string[] {
  const problems = [...membersOf(status, statusMembers, ""), ...membersOf(error, errorMembers, "error.")];
  if (!object(status)) return problems;
  if (status.error) problems.push(...membersOf(status.error, errorMembers, "status.error."));
  if (status.usable !== states[status.state]) problems.push(`usable as the state ${status.state} says`);
  if (!status.usable && Object.keys(status.entitlements ?? {}).length > 0) {
    problems.push("no entitlements while it is not usable");
  }
  return problems;
}

function membersOf(given: Record<string, unknown> | undefined, members: Record<string, Is>, path: string) {
  if (given === undefined) return [];
  if (!object(given)) return [`an object with ${Object.keys(members).join(", ")}`];
  return Object.entries(members).filter(([name, is]) => !is(given[name]))
    .map(([name]) => `a right member ${path}${name}`);
}
