// Recovery codes: single-use second factors for an administrator who has lost the authenticator app.
import { randomBytes } from "node:crypto";
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { tokenHash } from "../random_token.ts";
import { lockActor, type LockedAdministrator } from "./lock_administrator.ts";

/** A row of `administrator_recovery_codes`. */
export interface AdministratorRecoveryCodeRow {
  administratorId: number;
  codeHash: Uint8Array;
  usedAt: Date | null;
}

const RECOVERY_CODES = 10;
/**
 * Six groups of five digits and letters of 5 bits each (Crockford's base 32, in lower case). With 112 bits and more a hash
 * without a salt is enough (OWASP ASVS 5.0, 6.5.2).
 */
const CODE_LENGTH = 30;
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Replaces the recovery codes of the actor.
 *
 * @returns the codes, which cannot be read again
 * @throws DomainError `REAUTHENTICATION_REQUIRED`
 */
export async function createRecoveryCodes(ctx: Context): Promise<string[]> {
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => await replaceRecoveryCodes(ctx, await lockActor(ctx)));
}

/** Replaces the recovery codes of an administrator. */
export async function replaceRecoveryCodes(ctx: Context, { id }: LockedAdministrator): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, randomCode);
  await ctx.db`
    delete from administrator_recovery_codes
    where administrator_id = ${id}`;
  await ctx.db`
    insert into administrator_recovery_codes (administrator_id, code_hash)
    select ${id}, sha256(code::bytea)
    from unnest(${codes}::text[]) as code`;
  return codes;
}

function randomCode(): string {
  const letters = Array.from(randomBytes(CODE_LENGTH), (byte) => alphabet[byte % alphabet.length]).join("");
  return letters.replace(/.{5}(?=.)/g, "$&-");
}

/** Checks a recovery code and marks it as used, in one statement. */
export async function consumeRecoveryCode(
  ctx: Context,
  { id }: LockedAdministrator,
  code: string,
): Promise<boolean> {
  const consumed = await ctx.db`
    update administrator_recovery_codes
    set used_at = ${ctx.now}
    where administrator_id = ${id} and code_hash = ${tokenHash(code)} and used_at is null`;
  return consumed.count > 0;
}
