// The check of a second factor: a code of the authenticator app or a recovery code.
import type { SecondFactor } from "../actor.ts";
import type { Attempt } from "../attempts/attempts.ts";
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { LockedAdministrator } from "./lock_administrator.ts";
import { consumeRecoveryCode } from "./recovery_codes.ts";
import { consumeTotpCode } from "./totp.ts";

/**
 * Checks a code and marks it as used; each code is accepted once. Six digits are a code of the authenticator app, anything
 * else is a recovery code.
 *
 * @param attempt what limits the account's attempts
 * @returns which of the two it was
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when the code is missing, wrong or used already
 */
export async function consumeSecondFactorCode(
  ctx: Context,
  _attempt: Attempt,
  row: LockedAdministrator,
  code: string | null,
): Promise<SecondFactor> {
  const normalized = code?.replace(/\s/g, "").toLowerCase() ?? "";
  if (normalized === "") refuse("SECOND_FACTOR_REQUIRED");
  const factor = /^\d{6}$/.test(normalized) ? "totp" : "recovery_code";
  const consumed = factor === "totp"
    ? row.totpSecret !== null && await consumeTotpCode(ctx, row, normalized)
    : await consumeRecoveryCode(ctx, row, normalized);
  return consumed ? factor : refuse("SECOND_FACTOR_REQUIRED", { field: "code", reason: "wrong" });
}

/**
 * Whether a given code is meant as a recovery code, which owners of passkeys alone have as well: six groups of five digits
 * and letters, or the four of codes that were made before.
 */
export function isRecoveryCode(code: string | null): boolean {
  return /^[0-9a-z]{5}(?:-[0-9a-z]{5}){3}(?:(?:-[0-9a-z]{5}){2})?$/i.test(code?.replace(/\s/g, "") ?? "");
}
