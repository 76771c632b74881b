// The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost. Each code is
// good once, however often it is sent at the same moment.
import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { type Context, inTransaction } from "../context.ts";
import { requireRecentAuthentication } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { type AdministratorRow, requireAdministrator } from "./administrator.ts";
import { hashOf } from "./sessions.ts";

/** A row of `administrator_recovery_codes`. */
export interface AdministratorRecoveryCodeRow {
  administratorId: number;
  codeHash: Uint8Array;
  usedAt: Date | null;
}

const PURPOSE = "second factors";
const PERIOD = 30;
const RECOVERY_CODES = 10;

function totpOf(secret: Uint8Array, label: string): TOTP {
  return new TOTP({
    issuer: "Latchkey",
    label,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
  });
}

/**
 * Begins to switch the second factor on: makes a secret, which counts once a code confirms it.
 *
 * @returns the secret for typing, and the address an authenticator app reads as a picture
 * @throws DomainError `CONFLICT` when it is on already
 */
export async function beginTotp(ctx: Context): Promise<{ secret: string; url: string }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  const secret = new Secret({ size: 20 });
  const sealed = ctx.cipher.encrypt(PURPOSE, new Uint8Array(secret.buffer));
  const [row] = await ctx.db<AdministratorRow[]>`
    update administrators
    set totp_secret = ${sealed}, totp_step = null, updated_at = ${ctx.now}
    where id = ${me.id} and totp_since is null
    returning *`;
  if (!row) refuse("CONFLICT", { reason: "second_factor_enabled" });
  return { secret: secret.base32, url: totpOf(new Uint8Array(secret.buffer), row.email).toString() };
}

/**
 * Switches the second factor on with a first code.
 *
 * @returns recovery codes: the only time they are seen
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when the code is wrong
 */
export async function confirmTotp(ctx: Context, code: string): Promise<string[]> {
  const me = requireAdministrator(ctx);
  const codes = await inTransaction(ctx, async (ctx) => {
    const row = await lock(ctx, me.id);
    if (!row.totpSecret || row.totpSince) {
      refuse("CONFLICT", { reason: "second_factor_not_pending" });
    }
    await takeCode(ctx, row, code);
    await ctx.db`
      update administrators
      set totp_since = ${ctx.now}, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await recordEvent(ctx, {
      type: "administrator.second_factor_enabled",
      subjectId: me.id,
    });
    return renewRecoveryCodes(ctx, me.id);
  });
  return codes;
}

/** Switches the second factor off. */
export async function dropTotp(ctx: Context): Promise<void> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      update administrators
      set totp_secret = null, totp_since = null, totp_step = null, updated_at = ${ctx.now}
      where id = ${me.id}`;
    await ctx.db`
      delete from administrator_recovery_codes
      where administrator_id = ${me.id}`;
    await recordEvent(ctx, {
      type: "administrator.second_factor_disabled",
      subjectId: me.id,
    });
  });
}

/** Makes new recovery codes in place of the old ones. */
export async function makeRecoveryCodes(ctx: Context): Promise<string[]> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, (ctx) => renewRecoveryCodes(ctx, me.id));
}

async function renewRecoveryCodes(ctx: Context, id: number): Promise<string[]> {
  const codes = Array.from(
    { length: RECOVERY_CODES },
    () => randomBytes(10).toString("hex").replace(/.{5}(?=.)/g, "$&-"),
  );
  await ctx.db`
    delete from administrator_recovery_codes
    where administrator_id = ${id}`;
  await ctx.db`
    insert into administrator_recovery_codes (administrator_id, code_hash)
    select ${id}, sha256(code::bytea)
    from unnest(${codes}::text[]) as code`;
  return codes;
}

async function lock(ctx: Context, id: number): Promise<AdministratorRow> {
  const [row] = await ctx.db<AdministratorRow[]>`
    select *
    from administrators
    where id = ${id}
    for update`;
  return row;
}

/**
 * Takes a code once.
 *
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when there is none, it is wrong, or it was used before
 */
export async function takeCode(ctx: Context, row: AdministratorRow, code: string | null): Promise<void> {
  const given = code?.replace(/\s/g, "").toLowerCase() ?? "";
  if (given === "") refuse("SECOND_FACTOR_REQUIRED");
  const taken = /^\d{6}$/.test(given)
    ? await takeTotp(ctx, row, given)
    : await takeRecoveryCode(ctx, row.id, given);
  if (!taken) refuse("SECOND_FACTOR_REQUIRED", { field: "code", reason: "wrong" });
}

async function takeTotp(ctx: Context, row: AdministratorRow, code: string): Promise<boolean> {
  const totp = totpOf(ctx.cipher.decrypt(PURPOSE, row.totpSecret!), row.email);
  const delta = totp.validate({ token: code, timestamp: ctx.now.getTime(), window: 1 });
  if (delta === null) return false;
  const step = Math.floor(ctx.now.getTime() / 1000 / PERIOD) + delta;
  const taken = await ctx.db`
    update administrators
    set totp_step = ${step}
    where id = ${row.id} and (totp_step is null or totp_step < ${step})`;
  return taken.count > 0;
}

async function takeRecoveryCode(ctx: Context, id: number, code: string): Promise<boolean> {
  const taken = await ctx.db`
    update administrator_recovery_codes
    set used_at = ${ctx.now}
    where administrator_id = ${id} and code_hash = ${hashOf(code)} and used_at is null`;
  return taken.count > 0;
}
