// End users: making, finding, disabling and enabling them.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { endSessionsOf } from "./sessions.ts";

/** A row of `users`. */
export interface UserRow {
  id: number;
  email: string;
  name: string;
  passwordHash: string | null;
  createdAt: Date;
  updatedAt: Date;
  disabledAt: Date | null;
}

/** An address as it is kept and looked up: addresses compare case-blind. */
export function foldEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Adds a user.
 *
 * @param input.password none for one who signs in by links only
 * @throws DomainError `CONFLICT` when the address has an account, `INVALID_REQUEST` for a password too weak
 */
export async function createUser(
  ctx: Context,
  input: { email: string; name: string; password?: string },
): Promise<UserRow> {
  requireRole(ctx, "manager");
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  return addUser(ctx, { ...input, passwordHash });
}

/**
 * Adds a user whose right to the address is settled.
 *
 * @throws DomainError `CONFLICT`
 */
export function addUser(
  ctx: Context,
  input: { email: string; name: string; passwordHash: string | null },
): Promise<UserRow> {
  return inTransaction(ctx, async (ctx) => {
    const [user] = await ctx.db<UserRow[]>`
      insert into users (email, name, password_hash, created_at, updated_at)
      values (${foldEmail(input.email)}, ${input.name}, ${input.passwordHash}, ${ctx.now}, ${ctx.now})
      on conflict on constraint users_email_unique do nothing
      returning *`;
    if (!user) {
      refuse("CONFLICT", { reason: "already_exists", subject: "user", field: "email" });
    }
    await recordEvent(ctx, {
      type: "user.created",
      subjectId: user.id,
      after: { email: user.email, name: user.name },
    });
    return user;
  });
}

/** The user of an address, disabled or not. */
export async function findUserByEmail(ctx: Context, email: string): Promise<UserRow | null> {
  const [user] = await ctx.db<UserRow[]>`
    select *
    from users
    where email = ${foldEmail(email)}`;
  return user ?? null;
}

/**
 * The user of an id.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getUser(ctx: Context, id: number): Promise<UserRow> {
  const [user] = await ctx.db<UserRow[]>`
    select *
    from users
    where id = ${id}`;
  return user ?? refuse("NOT_FOUND", { subject: "user", field: "userId" });
}

/**
 * Disables a user: signed out everywhere within a second, and not let in again.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function disableUser(ctx: Context, id: number): Promise<void> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const user = await getUser(ctx, id);
    const changed = await ctx.db`
      update users
      set disabled_at = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${id} and disabled_at is null`;
    if (changed.count === 0) return;
    await endSessionsOf(ctx, id);
    await recordEvent(ctx, { type: "user.disabled", subjectId: id, after: { email: user.email } });
  });
}

/**
 * Enables a user again, who then has to sign in anew.
 *
 * @throws DomainError `NOT_FOUND`
 */
export function enableUser(ctx: Context, id: number): Promise<void> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const user = await getUser(ctx, id);
    const changed = await ctx.db`
      update users
      set disabled_at = null, updated_at = ${ctx.now}
      where id = ${id} and disabled_at is not null`;
    if (changed.count === 0) return;
    await recordEvent(ctx, { type: "user.enabled", subjectId: id, after: { email: user.email } });
  });
}
