// Managing administrators: an owner's business. At least one owner stays, whoever asks and however many at once.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentAuthentication, requireRole } from "../authorization.ts";
import type { Role } from "../actor.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrator.ts";
import { hashPassword } from "../passwords/password_hash.ts";

export interface NewAdministrator {
  email: string;
  name: string;
  role: Role;
  password: string;
}

/**
 * Adds an administrator. Only commands, demo data and accepted invitations do: nobody chooses another's password.
 *
 * @throws DomainError `CONFLICT` when the address is taken
 */
export async function createAdministrator(ctx: Context, input: NewAdministrator): Promise<Administrator> {
  if (ctx.actor.kind !== "system") refuse("FORBIDDEN");
  const passwordHash = await hashPassword(input.password);
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<AdministratorRow[]>`
      insert into administrators (email, name, role, password_hash, created_at, updated_at)
      values (${input.email.trim()}, ${input.name}, ${input.role}, ${passwordHash}, ${ctx.now}, ${ctx.now})
      on conflict (lower(email)) do nothing
      returning *`;
    if (!row) {
      refuse("CONFLICT", { reason: "already_exists", subject: "administrator", field: "email" });
    }
    await recordEvent(ctx, {
      type: "administrator.created",
      subjectId: row.id,
      after: { email: row.email, name: row.name, role: row.role },
    });
    return getAdministrator(ctx, row.id);
  });
}

export type AdministratorChanges = Partial<Pick<AdministratorRow, "name" | "role">> & {
  isDisabled?: boolean;
};

/**
 * Changes an administrator's name or role, or switches them off or on. Who is switched off is signed out everywhere.
 *
 * @throws DomainError `NOT_FOUND`, `LAST_OWNER`
 */
export async function editAdministrator(
  ctx: Context,
  id: number,
  changes: AdministratorChanges,
): Promise<Administrator> {
  requireRole(ctx, "owner");
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const owners = await lockOwners(ctx);
    const [before] = await ctx.db<AdministratorRow[]>`
      select *
      from administrators
      where id = ${id}
      for update`;
    if (!before) refuse("NOT_FOUND", { subject: "administrator", field: "id" });
    const role = changes.role ?? before.role;
    const isDisabled = changes.isDisabled ?? before.disabledAt !== null;
    if (owners.length === 1 && owners[0] === id && (role !== "owner" || isDisabled)) refuse("LAST_OWNER");
    const disabledAt = isDisabled ? before.disabledAt ?? ctx.now : null;
    const [after] = await ctx.db<AdministratorRow[]>`
      update administrators
      set name = ${changes.name ?? before.name}, role = ${role}, disabled_at = ${disabledAt},
        updated_at = ${ctx.now}
      where id = ${id}
      returning *`;
    if (isDisabled) {
      await ctx.db`
        update administrator_sessions
        set ended_at = ${ctx.now}
        where administrator_id = ${id} and ended_at is null`;
    }
    const facts = (row: AdministratorRow) => ({
      name: row.name,
      role: row.role,
      isDisabled: row.disabledAt !== null,
    });
    await recordEvent(ctx, {
      type: "administrator.updated",
      subjectId: id,
      before: facts(before),
      after: facts(after),
    });
    return getAdministrator(ctx, id);
  });
}

/** The owners there are, held until the transaction ends, so that two of them cannot leave at once. */
async function lockOwners(ctx: Context): Promise<number[]> {
  const owners = await ctx.db<{ id: number }[]>`
    select id
    from administrators
    where role = 'owner' and disabled_at is null
    order by id
    for update`;
  return owners.map(({ id }) => id);
}
