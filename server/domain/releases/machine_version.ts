// The version of the app on a machine, for calls that need not send it: the one that the machine reported last.
import type { Context } from "../context.ts";
import { type AppVersion, dependsOnVersion } from "../policy/app_version.ts";
import type { LicenseTerms } from "../policy/terms.ts";
import { findAppVersion } from "./app_version.ts";

/**
 * The version of the app on a machine.
 *
 * @param activation null: the machine is not activated, or not known
 * @param sent the version that the call sends; null: none
 * @returns undefined when the version does not decide
 */
export async function machineVersionOf(
  ctx: Context,
  license: LicenseTerms & { productId: number },
  activation: { id: number } | null,
  sent: string | null = null,
): Promise<AppVersion | undefined> {
  if (!dependsOnVersion(license)) return undefined;
  const [machine] = activation && sent === null
    ? await ctx.db<{ appVersion: string | null }[]>`
      select app_version
      from activations
      where id = ${activation.id}`
    : [];
  return await findAppVersion(ctx, license, sent ?? machine?.appVersion ?? null);
}
