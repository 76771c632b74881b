// Updating administrators. At least one enabled owner remains, also under concurrent changes.
import { requireRecentAuthentication, requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrators.ts";

export type AdministratorChanges = Partial<Pick<AdministratorRow, "name" | "role">> & {
  isDisabled?: boolean;
};

/**
 * Updates the given fields of an administrator. Disabling one ends all its sessions.
 *
 * @throws DomainError `NOT_FOUND`, `LAST_OWNER`
 */
export async function updateAdministrator(
  ctx: Context,
  { id, changes }: { id: number; changes: AdministratorChanges },
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

/** Locks the enabled owners until the transaction ends, so that two owners cannot be removed at the same time. */
async function lockOwners(ctx: Context): Promise<number[]> {
  const owners = await ctx.db<{ id: number }[]>`
    select id
    from administrators
    where role = 'owner' and disabled_at is null
    order by id
    for update`;
  return owners.map(({ id }) => id);
}
