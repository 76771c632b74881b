// End users: create and find them.
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { foldEmail } from "../email_address.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import type { Metadata } from "../metadata.ts";
import type { Tagged } from "../tags.ts";
import { hashPassword } from "../passwords/password_hash.ts";

/** A row of `users`. */
export interface UserRow {
  id: number;
  email: string;
  name: string;
  passwordHash: string | null;
  notes: string;
  tags: string[];
  metadata: Metadata;
  createdAt: Date;
  updatedAt: Date;
  disabledAt: Date | null;
}

/** The fields that administrators update; the revision of a user covers them. */
export const userFields = [
  "email",
  "name",
  "notes",
  "tags",
  "metadata",
] as const satisfies readonly (keyof UserRow)[];

/**
 * Creates a user.
 *
 * @param input.password by default none: the user signs in by links
 * @param input.isDemo only for demo data
 * @throws DomainError `CONFLICT` when the address has an account, `INVALID_REQUEST` when the password is too short, too long
 *   or too easy to guess
 */
export async function createUser(
  ctx: Context,
  input: { email: string; name: string; password?: string; isDemo?: boolean } & Partial<Tagged> & {
    metadata?: Metadata;
  },
): Promise<UserRow> {
  requireRole(ctx, "manager");
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password, input);
  return insertUser(ctx, { ...input, passwordHash });
}

/**
 * Creates a user whose password is hashed and whose address is verified, or trusted.
 *
 * @throws DomainError `CONFLICT`
 */
export function insertUser(
  ctx: Context,
  input: { email: string; name: string; passwordHash: string | null } & Partial<Tagged> & {
    metadata?: Metadata;
  },
): Promise<UserRow> {
  return inTransaction(ctx, async (ctx) => {
    const [user] = await ctx.db<UserRow[]>`
      insert into users (email, name, password_hash, notes, tags, metadata, created_at, updated_at)
      values (
        ${foldEmail(input.email)}, ${input.name}, ${input.passwordHash}, ${input.notes ?? ""}, ${
      input.tags ?? []
    }, ${ctx.db.json(input.metadata ?? {})}, ${ctx.now}, ${ctx.now}
      )
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

/** A user by email address, disabled or not. */
export async function findUserByEmail(ctx: Context, email: string): Promise<UserRow | null> {
  const [user] = await ctx.db<UserRow[]>`
    select *
    from users
    where email = ${foldEmail(email)}`;
  return user ?? null;
}

/**
 * A user by id.
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
