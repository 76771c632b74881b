// The lock of a user's row. Whatever starts or ends sessions, changes a credential or uses a link takes it first, and
// decides by the row that it returns: what was read before may have changed.
import { type Context, requireTransaction } from "../context.ts";
import { refuse } from "../errors.ts";
import type { UserRow } from "./users.ts";

declare const locked: unique symbol;

/** The row of a user who stays as they are until the transaction ends. */
export type LockedUser = UserRow & { readonly [locked]: true };

/**
 * Locks a user's row until the transaction ends and reads it. Rows that refer to the user can be inserted meanwhile. Lock
 * the user before their links and sessions, so that two transactions cannot wait for each other.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function lockUser(ctx: Pick<Context, "db" | "changedTags">, id: number): Promise<LockedUser> {
  requireTransaction(ctx);
  const [user] = await ctx.db<LockedUser[]>`
    select *
    from users
    where id = ${id}
    for no key update`;
  return user ?? refuse("NOT_FOUND", { subject: "user", field: "userId" });
}

/** What a password has been verified against, before the lock. */
export type VerifiedPassword = Pick<UserRow, "id" | "passwordHash">;

/**
 * Locks a user whose password has been verified.
 *
 * @throws DomainError `CREDENTIALS_INVALID` when the user was disabled or the password changed since
 */
export async function lockVerifiedUser(
  ctx: Context,
  { id, passwordHash }: VerifiedPassword,
): Promise<LockedUser> {
  const user = await lockUser(ctx, id);
  return user.disabledAt || user.passwordHash !== passwordHash ? refuse("CREDENTIALS_INVALID") : user;
}
