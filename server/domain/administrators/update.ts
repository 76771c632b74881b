// Updating administrators. At least one enabled owner remains, also under concurrent changes.
import { requireAtLeast, requireRecentOwner } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import type { Update } from "../entity.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { requireRevision } from "../revision.ts";
import {
  type Administrator,
  type AdministratorRow,
  administratorValues,
  getAdministrator,
} from "./administrators.ts";
import { revokeInvitationsBy } from "./invitations.ts";
import { lockActor, lockAdministrator, type LockedAdministrator } from "./lock_administrator.ts";
import { endSessions } from "./sessions.ts";

export type AdministratorChanges = Partial<Pick<AdministratorRow, "name" | "role">> & {
  isDisabled?: boolean;
};

/**
 * Updates the given fields of an administrator. Disabling one ends all its sessions; one who is not an enabled owner any
 * more has no open invitations.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `LAST_OWNER`, `REAUTHENTICATION_REQUIRED`, `FORBIDDEN` when the actor
 *   is no owner any more
 */
export async function updateAdministrator(
  ctx: Context,
  { id, changes, revision }: Update<AdministratorChanges>,
): Promise<Administrator> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const owners = await lockOwnersAnd(ctx, id);
    if (ctx.actor.kind === "administrator") {
      const { role } = await lockActor(ctx);
      requireAtLeast({ role }, "owner");
    }
    const before = await lockAdministrator(ctx, id);
    requireRevision({ subject: "administrator", current: administratorValues(before) }, revision);
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
    if (isDisabled) await endSessions(ctx, before, { exceptId: null });
    await recordUpdate(ctx, before, after);
    return getAdministrator(ctx, id);
  });
}

/** Records what changed; one who is not an enabled owner any more has no open invitations. */
export async function recordUpdate(
  ctx: Context,
  before: LockedAdministrator,
  after: AdministratorRow,
): Promise<void> {
  if (after.disabledAt || after.role !== "owner") await revokeInvitationsBy(ctx, before);
  await recordEvent(ctx, {
    type: "administrator.updated",
    subjectId: before.id,
    before: administratorValues(before),
    after: administratorValues(after),
  });
}

/**
 * Locks the enabled owners and another administrator until the transaction ends, so that two owners cannot be removed at the
 * same time. One statement locks all of them in the order of ids, so that two transactions cannot wait for each other.
 *
 * @returns the ids of the owners
 */
export async function lockOwnersAnd(ctx: Context, id: number): Promise<number[]> {
  const rows = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where id = ${id} or role = 'owner' and disabled_at is null
    order by id
    for no key update`;
  return rows.filter(({ role, disabledAt }) => role === "owner" && !disabledAt).map(({ id }) => id);
}
