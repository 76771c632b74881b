// Administrators: the accounts of the panel and the administration API.
import type { Db } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import type { Actor, Role } from "../actor.ts";
import { refuse } from "../errors.ts";
import { revisionOf, type WithRevision } from "../revision.ts";

/** A row of `administrators`. */
export interface AdministratorRow {
  id: number;
  email: string;
  name: string;
  role: Role;
  /** Null: the administrator signs in by the identity provider only. */
  passwordHash: string | null;
  totpSecret: Uint8Array | null;
  totpSince: Date | null;
  totpStep: number | null;
  createdAt: Date;
  updatedAt: Date;
  lastSeenAt: Date | null;
  disabledAt: Date | null;
}

/** An administrator without secrets and revision. */
type FoundAdministrator =
  & Pick<AdministratorRow, "id" | "email" | "name" | "role" | "createdAt" | "lastSeenAt" | "disabledAt">
  & { hasTotp: boolean; hasPassword: boolean; hasIdentity: boolean; passkeys: number };

/** An administrator without secrets. */
export type Administrator = FoundAdministrator & WithRevision;

/** The values that owners edit; the revision of an administrator covers them. */
export function administratorValues(
  { name, role, disabledAt }: Pick<AdministratorRow, "name" | "role" | "disabledAt">,
): Pick<AdministratorRow, "name" | "role"> & { isDisabled: boolean } {
  return { name, role, isDisabled: disabledAt !== null };
}

function withRevision(found: FoundAdministrator): Administrator {
  return { ...found, revision: revisionOf(administratorValues(found)) };
}

export type AdministratorActor = Extract<Actor, { kind: "administrator" }>;

/**
 * The actor, if it is an administrator.
 *
 * @throws DomainError `FORBIDDEN` for other actors
 */
export function requireAdministrator(ctx: Context): AdministratorActor {
  return ctx.actor.kind === "administrator" ? ctx.actor : refuse("FORBIDDEN");
}

/**
 * Reads an administrator.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getAdministrator(ctx: { db: Db }, id: number): Promise<Administrator> {
  const [found] = await ctx.db<FoundAdministrator[]>`
    select a.id, a.email, a.name, a.role, a.created_at, a.last_seen_at, a.disabled_at,
      a.totp_since is not null as has_totp, a.password_hash is not null as has_password,
      exists (select from administrator_identities i where i.administrator_id = a.id) as has_identity,
      (select count(*) from administrator_passkeys p where p.administrator_id = a.id) as passkeys
    from administrators a
    where a.id = ${id}`;
  return found ? withRevision(found) : refuse("NOT_FOUND", { subject: "administrator", field: "id" });
}

/** All administrators: enabled ones first, then by id. */
export async function listAdministrators(ctx: Context): Promise<Administrator[]> {
  const rows = await ctx.db<FoundAdministrator[]>`
    select a.id, a.email, a.name, a.role, a.created_at, a.last_seen_at, a.disabled_at,
      a.totp_since is not null as has_totp, a.password_hash is not null as has_password,
      exists (select from administrator_identities i where i.administrator_id = a.id) as has_identity,
      (select count(*) from administrator_passkeys p where p.administrator_id = a.id) as passkeys
    from administrators a
    order by a.disabled_at is not null, a.id`;
  return rows.map(withRevision);
}
