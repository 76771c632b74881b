// Creating administrator accounts, with a hashed password and an event.
import { type Context, inTransaction } from "../context.ts";
import type { Role } from "../actor.ts";
import { storedEmail } from "../email_address.ts";
import { refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { hashPassword } from "../passwords/password_hash.ts";
import { type Administrator, type AdministratorRow, getAdministrator } from "./administrators.ts";

export interface NewAdministrator {
  email: string;
  name: string;
  role: Role;
  password: string;
  /** Only for demo data. */
  isDemo?: boolean;
}

/**
 * Creates an administrator. Only the system does, for commands, demo data and accepted invitations: administrators choose
 * their own passwords.
 *
 * @throws DomainError `FORBIDDEN`, `CONFLICT` when the email address exists already, `INVALID_REQUEST` for a password that
 *   is too short, too long or too easy to guess
 */
export async function createAdministrator(ctx: Context, input: NewAdministrator): Promise<Administrator> {
  if (ctx.actor.kind !== "system") refuse("FORBIDDEN");
  const passwordHash = await hashPassword(input.password, input);
  return await insertAdministrator(ctx, { ...input, passwordHash });
}

/**
 * Creates an administrator whose password is hashed.
 *
 * @param input.passwordHash null for one who signs in by the identity provider only
 *
 * @throws DomainError `CONFLICT` when the email address exists already
 */
export function insertAdministrator(
  ctx: Context,
  input: Omit<NewAdministrator, "password"> & { passwordHash: string | null },
): Promise<Administrator> {
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<AdministratorRow[]>`
      insert into administrators (email, name, role, password_hash, created_at, updated_at)
      values (
        ${
      storedEmail(input.email)
    }, ${input.name}, ${input.role}, ${input.passwordHash}, ${ctx.now}, ${ctx.now}
      )
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
