// Which update an app of some version is offered.
import type { PublishedRelease, PublishedReleases } from "./published.ts";
import type { ReleaseRow } from "./releases.ts";
import { channelOf } from "./version.ts";
import { compareVersions, type Version } from "../version_order.ts";

export interface UpdateInfo {
  updateAvailable: boolean;
  /** The newest release for the app, newer than its version or not; null when nothing is published for it. */
  latest: ReleaseRow | null;
  /** Whether a release after the app's version, up to the latest, is mandatory. */
  isMandatory: boolean;
}

export type ReleaseFilter = (release: PublishedRelease) => boolean;

/**
 * The update for an app. A release that is older than the app's version is never an update.
 *
 * @param current the app's version; null when it is unknown, for which no update is available
 * @param isCovered which releases the license covers; null: all. No other is offered
 */
export function chooseUpdate(
  releases: PublishedReleases,
  current: Version | null,
  isCovered: ReleaseFilter | null = null,
): UpdateInfo {
  const { eligible, newer } = releasesAfter(releases, current, isCovered);
  return {
    updateAvailable: newer.length > 0,
    latest: eligible[0] ?? null,
    isMandatory: newer.some(({ isMandatory }) => isMandatory),
  };
}

/**
 * The releases of the app's channel, and those of them newer than its version; the newest first. The channel is that of
 * the release it runs, or what its version tells. Without a version it is the most finished one with a release.
 */
export function releasesAfter(
  { offered, channels }: PublishedReleases,
  current: Version | null,
  isCovered: ReleaseFilter | null = null,
): { eligible: readonly PublishedRelease[]; newer: readonly PublishedRelease[] } {
  if (!current) {
    const eligible = [offered.stable, offered.beta, offered.alpha]
      .map((releases) => isCovered ? releases.filter(isCovered) : releases)
      .find(({ length }) => length > 0) ?? [];
    return { eligible, newer: [] };
  }
  const published = offered[channels.get(current.key) ?? channelOf(current)];
  const eligible = isCovered ? published.filter(isCovered) : published;
  const firstKnown = eligible.findIndex(({ parsed }) => compareVersions(parsed, current) <= 0);
  return { eligible, newer: eligible.slice(0, firstKnown === -1 ? eligible.length : firstKnown) };
}
