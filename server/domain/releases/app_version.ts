// The version of an app, for the terms on which it decides.
import type { Context } from "../context.ts";
import { type AppVersion, dependsOnVersion } from "../policy/app_version.ts";
import type { LicenseTerms } from "../policy/terms.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import { getPublishedReleases, type PublishedReleases } from "./published.ts";
import { parseVersion } from "./version.ts";

/**
 * The version that an app of a license reports, with the day on which it was released. Releases are read only where the
 * version decides.
 *
 * @param text as the app reports it; null: it reports none
 * @returns undefined when the version does not decide
 */
export function findAppVersion(
  ctx: Context,
  license: LicenseTerms & { productId: number },
  text: string | null,
): MaybePromise<AppVersion | undefined> {
  if (!dependsOnVersion(license)) return undefined;
  return whenKnown(getPublishedReleases(ctx, license.productId), (releases) => appVersionOf(releases, text));
}

/** A version with the day on which it was released. */
export function appVersionOf({ days }: PublishedReleases, text: string | null): AppVersion {
  const version = text === null ? null : parseVersion(text);
  return { version, releasedOn: version && (days.get(version.key) ?? null) };
}
