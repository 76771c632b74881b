// What an explanation says, its remedies as changes, and what the real call answers.
import { explainValidation, type ExplanationInput } from "../../server/domain/devices/explain.ts";
import type { Context } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import { type LicenseChanges, updateLicense } from "../../server/domain/licenses/manage.ts";
import type { CheckResult } from "../../server/domain/policy/evaluate.ts";

type Given = Pick<ExplanationInput, "components"> & { name: CheckResult["name"]; hardwareId?: string | null };

/** A check of a license: whether it passed, its values, its sentence and those of its remedies. */
export async function explained(
  ctx: Context,
  licenseId: number,
  { name, hardwareId = "new", components }: Given,
) {
  const explanation = await explainValidation(ctx, { licenseId, hardwareId, components });
  const check = explanation.checks.find((check) => check.name === name);
  return {
    ...explanation,
    check,
    texts: [check?.sentence, ...(check?.remedies ?? []).map(({ sentence }) => sentence)],
  };
}

/** Applies the first remedy that changes the license. */
export async function applyRemedy(
  ctx: Context,
  id: number,
  check: Awaited<ReturnType<typeof explained>>["check"],
) {
  const { changes } = check!.remedies.find(({ changes }) => changes !== null)!;
  await updateLicense(ctx, { id, changes: changes as LicenseChanges });
}

/** How a call is answered: the code of its refusal, or VALID. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "VALID";
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** What an app reports of its machine. */
export const machine = (licenseKey: string, hardwareId: string, machineName: string | null = null) => ({
  licenseKey,
  hardwareId,
  machineName,
  appVersion: null,
});
