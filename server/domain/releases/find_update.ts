// Which update an app of some version is offered.
import type { SemVer } from "semver";
import type { PublishedRelease, PublishedReleases } from "./published.ts";
import type { ReleaseRow } from "./releases.ts";

export interface UpdateInfo {
  updateAvailable: boolean;
  /** The newest release for the app, newer than its version or not; null when nothing is published. */
  latest: ReleaseRow | null;
  /** Whether a release after the app's version, up to the latest, is mandatory. */
  isMandatory: boolean;
}

/**
 * The update for an app.
 *
 * @param current the app's version; null when it is unknown, for which no update is available
 */
export function chooseUpdate(releases: PublishedReleases, current: SemVer | null): UpdateInfo {
  const { eligible, newer } = releasesAfter(releases, current);
  return {
    updateAvailable: newer.length > 0,
    latest: eligible[0] ?? null,
    isMandatory: newer.some(({ isMandatory }) => isMandatory),
  };
}

/**
 * The releases that an app may be offered, and those of them newer than its version; the newest first. Pre-releases are
 * eligible for apps that run one, and when nothing else is published.
 */
export function releasesAfter(
  { all, stable }: PublishedReleases,
  current: SemVer | null,
): { eligible: readonly PublishedRelease[]; newer: readonly PublishedRelease[] } {
  const eligible = stable.length > 0 && !current?.prerelease.length ? stable : all;
  const firstKnown = current ? eligible.findIndex(({ parsed }) => parsed.compare(current) <= 0) : 0;
  return { eligible, newer: eligible.slice(0, firstKnown === -1 ? eligible.length : firstKnown) };
}
