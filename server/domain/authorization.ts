// What an actor is permitted to do: roles of administrators, recent authentication, products of an API key.
import type { Actor, Role } from "./actor.ts";
import type { Context } from "./context.ts";
import { refuse } from "./errors.ts";

/** Roles in ascending order; each includes the permissions of those before. */
const roles: readonly Role[] = ["viewer", "manager", "owner"];

/**
 * Requires an administrator with a role, or the system.
 *
 * @throws DomainError `FORBIDDEN`, `SECOND_FACTOR_MISSING` when the settings require a second factor that the
 *   administrator has not enabled
 */
export function requireRole(ctx: Pick<Context, "actor" | "settings">, role: Role): void {
  const { actor } = ctx;
  if (actor.kind === "system") return;
  if (actor.kind !== "administrator") refuse("FORBIDDEN", { requiredRole: role });
  requireAtLeast(actor, role);
  if (ctx.settings.requireSecondFactor && actor.session?.hasSecondFactor === false) {
    refuse("SECOND_FACTOR_MISSING");
  }
}

/**
 * Requires that a role includes the permissions of another.
 *
 * @throws DomainError `FORBIDDEN`
 */
export function requireAtLeast(actor: { role: Role }, role: Role): void {
  if (roles.indexOf(actor.role) < roles.indexOf(role)) refuse("FORBIDDEN", { requiredRole: role });
}

/** How long an authentication permits sensitive actions; milliseconds. */
const REAUTHENTICATE_AFTER = 15 * 60_000;

/**
 * Requires that an administrator has entered a password, code or passkey within the last 15 minutes. API tokens never
 * fulfil this.
 *
 * @throws DomainError `REAUTHENTICATION_REQUIRED`
 */
export function requireRecentAuthentication({ actor, now }: Pick<Context, "actor" | "now">): void {
  if (actor.kind !== "administrator") return;
  const { session } = actor;
  const authenticatedAt = session?.kind === "session" ? session.authenticatedAt.getTime() : -Infinity;
  if (now.getTime() - authenticatedAt > REAUTHENTICATE_AFTER) refuse("REAUTHENTICATION_REQUIRED");
}

/** Whether a product is visible to the actor: an API key can be restricted to one product. */
export function canSeeProduct({ actor }: { actor: Actor }, productId: number): boolean {
  return actor.kind !== "api_key" || actor.productId === null || actor.productId === productId;
}
