// Which versions of an app a license covers: those of its range, and those that were released while updates were included.
import { LRUCache } from "lru-cache";
import { type CalendarDay, isBefore } from "../calendar.ts";
import type { Version } from "../version_order.ts";
import { isOver } from "./expiry.ts";
import type { LicenseTerms } from "./terms.ts";
import { isInRange, parseVersionRange, type VersionRange, writeComparisons } from "./version_range.ts";

/** The version that an app reports. */
export interface AppVersion {
  /** Null when it reports none, or a text that is no version. */
  version: Version | null;
  /** When the product released it; null when it is none of the product's releases. */
  releasedOn: CalendarDay | null;
}

type VersionTerms = Pick<
  LicenseTerms,
  "validUntil" | "graceDays" | "afterExpiry" | "updatesUntil" | "versions"
>;

/** Whether the version of the app may decide. */
export function dependsOnVersion({ versions, updatesUntil, afterExpiry }: VersionTerms): boolean {
  return versions !== null || updatesUntil !== null || afterExpiry === "entitled_versions";
}

/** The last day whose releases are included; null while all are. */
export function lastUpdateDay(terms: VersionTerms, day: CalendarDay): CalendarDay | null {
  if (terms.updatesUntil !== null) return terms.updatesUntil;
  return terms.afterExpiry === "entitled_versions" && isOver(terms, day) ? terms.validUntil : null;
}

/** Whether the range of a license contains the version; so it does when none is known. */
export function isVersionCovered({ versions }: VersionTerms, version: Version | null): boolean {
  return versions === null || version === null || isInRange(rangeOf(versions), version);
}

/** The range of a license as comparisons alone; null: any version. */
export function comparedVersions(versions: string | null): string | null {
  return versions === null ? null : writeComparisons(rangeOf(versions));
}

/** Whether a release of that day is included; so is what is no release. */
export function isReleaseIncluded(
  terms: VersionTerms,
  releasedOn: CalendarDay | null,
  day: CalendarDay,
): boolean {
  if (releasedOn === null) return true;
  const last = lastUpdateDay(terms, day);
  return last === null || !isBefore(last, releasedOn);
}

/** Which releases a license covers; null: all. */
export function coveredReleases(
  terms: VersionTerms,
  day: CalendarDay,
): ((release: { parsed: Version; releaseDate: CalendarDay }) => boolean) | null {
  if (!dependsOnVersion(terms)) return null;
  return ({ parsed, releaseDate }) =>
    isVersionCovered(terms, parsed) && isReleaseIncluded(terms, releaseDate, day);
}

/** Parsed ranges; a vendor's licenses have few different ones. */
const ranges = new LRUCache<string, VersionRange>({ max: 1000 });

function rangeOf(text: string): VersionRange {
  const known = ranges.get(text);
  if (known) return known;
  const range = parseVersionRange(text);
  // What the database has was checked when it was written.
  if (range === null) throw new Error(`"${text}" is no range of versions.`);
  ranges.set(text, range);
  return range;
}
