// The lock of an administrator's row. Whatever starts or ends sessions, changes a credential or uses a code takes it first,
// and decides by the row that it returns: what was read before may have changed.
import { type Context, requireTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import { type AdministratorRow, requireAdministrator } from "./administrators.ts";

declare const locked: unique symbol;

/** The row of an administrator who stays as they are until the transaction ends. */
export type LockedAdministrator = AdministratorRow & { readonly [locked]: true };

/**
 * Locks an administrator's row until the transaction ends and reads it. Lock it before sessions, passkeys and codes, so that
 * two transactions cannot wait for each other.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function lockAdministrator(ctx: Context, id: number): Promise<LockedAdministrator> {
  requireTransaction(ctx);
  const [row] = await ctx.db<LockedAdministrator[]>`
    select *
    from administrators
    where id = ${id}
    for no key update`;
  return row ?? refuse("NOT_FOUND", { subject: "administrator", field: "id" });
}

/** What a password has been verified against, before the lock. */
export interface VerifiedPassword {
  id: number;
  passwordHash: string;
}

/**
 * Locks an administrator whose password has been verified.
 *
 * @throws DomainError `SIGN_IN_FAILED` when the administrator was disabled or the password changed since
 */
export async function lockVerifiedAdministrator(
  ctx: Context,
  { id, passwordHash }: VerifiedPassword,
): Promise<LockedAdministrator> {
  const row = await lockAdministrator(ctx, id);
  return row.disabledAt || row.passwordHash !== passwordHash ? refuse("SIGN_IN_FAILED") : row;
}

/**
 * Locks the actor's own row.
 *
 * @throws DomainError `SIGN_IN_REQUIRED` when the actor was disabled or the session ended since it was read
 */
export async function lockActor(ctx: Context): Promise<LockedAdministrator> {
  const me = requireAdministrator(ctx);
  const row = await lockAdministrator(ctx, me.id);
  await requireLiveSession(ctx, row);
  return row;
}

/**
 * Requires that the actor, who is locked, is enabled and that the session of the call has not ended.
 *
 * @throws DomainError `SIGN_IN_REQUIRED`
 */
export async function requireLiveSession(ctx: Context, row: LockedAdministrator): Promise<void> {
  if (row.disabledAt) refuse("SIGN_IN_REQUIRED", { reason: "ended" });
  const { session } = requireAdministrator(ctx);
  if (!session) return;
  const [live] = await ctx.db`
    select 1
    from administrator_sessions
    where id = ${session.id} and ended_at is null`;
  if (!live) refuse("SIGN_IN_REQUIRED", { reason: "ended" });
}
