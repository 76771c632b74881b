// What a page of a signed-in user is about.
import type { Context } from "../../domain/context.ts";
import { refuse } from "../../domain/errors.ts";

/**
 * The user who is signed in.
 *
 * @throws DomainError `SESSION_TOKEN_REQUIRED`
 */
export function userIdOf({ actor }: Context): number {
  return actor.kind === "user" ? actor.id : refuse("SESSION_TOKEN_REQUIRED");
}

/**
 * The id of a device in an address.
 *
 * @throws DomainError `DEVICE_NOT_FOUND`
 */
export function deviceIdOf(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : refuse("DEVICE_NOT_FOUND");
}
