// The version of the app that wants a seat: the one that its machine reported last, because calls for seats send none.
import type { Context } from "../context.ts";
import { type AppVersion, dependsOnVersion } from "../policy/app_version.ts";
import { findAppVersion } from "../releases/app_version.ts";
import type { SeatLicense } from "./seat.ts";

/**
 * The version of the app on a machine.
 *
 * @param activation null: the machine is not activated
 * @returns undefined when the version does not decide
 */
export async function machineVersionOf(
  ctx: Context,
  license: SeatLicense,
  activation: { id: number } | null,
): Promise<AppVersion | undefined> {
  if (!dependsOnVersion(license)) return undefined;
  const [machine] = activation
    ? await ctx.db<{ appVersion: string | null }[]>`
      select app_version
      from activations
      where id = ${activation.id}`
    : [];
  return await findAppVersion(ctx, license, machine?.appVersion ?? null);
}
