// The check of a second factor: a code of the authenticator app or a recovery code.
import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { AdministratorRow } from "./administrators.ts";
import { consumeRecoveryCode } from "./recovery_codes.ts";
import { consumeTotpCode } from "./totp.ts";

/**
 * Checks a code and marks it as used; each code is accepted once.
 *
 * @throws DomainError `SECOND_FACTOR_REQUIRED` when the code is missing, wrong or used already
 */
export async function consumeSecondFactorCode(
  ctx: Context,
  row: AdministratorRow,
  code: string | null,
): Promise<void> {
  const normalized = code?.replace(/\s/g, "").toLowerCase() ?? "";
  if (normalized === "") refuse("SECOND_FACTOR_REQUIRED");
  const consumed = /^\d{6}$/.test(normalized)
    ? await consumeTotpCode(ctx, row, normalized)
    : await consumeRecoveryCode(ctx, row.id, normalized);
  if (!consumed) refuse("SECOND_FACTOR_REQUIRED", { field: "code", reason: "wrong" });
}
