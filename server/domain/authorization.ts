// What an actor is permitted to do: roles of administrators, recent authentication, products of an API key.
import type { Actor, AdministratorSession, Role } from "./actor.ts";
import type { Context } from "./context.ts";
import { refuse } from "./errors.ts";
import type { Settings } from "./settings/schema.ts";

/** Roles in ascending order; each includes the permissions of those before. */
const roles: readonly Role[] = ["viewer", "manager", "owner"];

/**
 * Requires an administrator with a role, or the system.
 *
 * @throws DomainError `FORBIDDEN`, `SECOND_FACTOR_MISSING` when the settings require a second factor that the session
 *   was opened without
 */
export function requireRole(ctx: Pick<Context, "actor" | "settings">, role: Role): void {
  const { actor } = ctx;
  if (actor.kind === "system") return;
  if (actor.kind !== "administrator") refuse("FORBIDDEN", { requiredRole: role });
  requireAtLeast(actor, role);
  // A job runs without the session of the administrator who requested it; that session was checked then.
  if (actor.session) requireSecondFactor(actor, ctx.settings);
}

/**
 * Requires that an administrator's session has used a second factor, where the settings require one. What the account
 * owns does not matter: a password alone opens nothing then.
 *
 * @throws DomainError `SECOND_FACTOR_MISSING`
 */
export function requireSecondFactor(
  { session }: { session?: AdministratorSession },
  settings: Pick<Settings, "requireSecondFactor">,
): void {
  if (!settings.requireSecondFactor || session?.secondFactor) return;
  refuse("SECOND_FACTOR_MISSING", session?.ownsSecondFactor ? { reason: "not_used" } : {});
}

/**
 * Requires that a role includes the permissions of another.
 *
 * @throws DomainError `FORBIDDEN`
 */
export function requireAtLeast(actor: { role: Role }, role: Role): void {
  if (!includesRole(actor.role, role)) refuse("FORBIDDEN", { requiredRole: role });
}

/** Whether a role includes the permissions of another. */
export function includesRole(role: Role, other: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(other);
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

/**
 * Requires an owner who has authenticated recently, for everything that could hand over accounts: administrators, API keys,
 * webhooks, signing keys.
 *
 * @throws DomainError `FORBIDDEN`, `SECOND_FACTOR_MISSING`, `REAUTHENTICATION_REQUIRED`
 */
export function requireRecentOwner(ctx: Pick<Context, "actor" | "settings" | "now">): void {
  requireRole(ctx, "owner");
  requireRecentAuthentication(ctx);
}

/** Whether a product is visible to the actor: an API key can be restricted to one product. */
export function canSeeProduct({ actor }: { actor: Actor }, productId: number): boolean {
  return actor.kind !== "api_key" || actor.productId === null || actor.productId === productId;
}
