// The releases that a product offers on a day, cached with their versions parsed. A release with a date ahead is offered
// from that day on, in UTC.
import { type CalendarDay, dayOf, isBefore } from "../calendar.ts";
import type { Context } from "../context.ts";
import { tagOf } from "../events/catalogue/cache_tags.ts";
import { type MaybePromise, whenKnown } from "../when_known.ts";
import type { ReleaseRow } from "./releases.ts";
import { type Channel, parseReleaseVersion } from "./version.ts";
import { compareVersions, type Version } from "../version_order.ts";

export type PublishedRelease = ReleaseRow & { parsed: Version };

export interface PublishedReleases {
  /** What the apps of a channel are offered, the newest version first. */
  offered: Record<Channel, readonly PublishedRelease[]>;
  /** The channels of all releases, those with a date ahead included, by the version's key. */
  channels: ReadonlyMap<string, Channel>;
  /** The days of the same releases. */
  days: ReadonlyMap<string, CalendarDay>;
}

/** The releases that a product offers today. */
export function getPublishedReleases(ctx: Context, productId: number): MaybePromise<PublishedReleases> {
  const today = dayOf(ctx.now);
  const releases = ctx.cache.getOrLoad(`releases of ${productId} on ${today}`, async () => {
    const rows = await ctx.db<ReleaseRow[]>`
      select *
      from releases
      where product_id = ${productId} and deleted_at is null`;
    return { value: publishedOf(rows, today), invalidationTag: tagOf("product", productId) };
  });
  return whenKnown(releases, (releases) => releases!);
}

function publishedOf(rows: readonly ReleaseRow[], today: CalendarDay): PublishedReleases {
  const all = rows
    .map((row) => ({ ...row, parsed: parseReleaseVersion(row.version)!.version }))
    .sort((a, b) => compareVersions(b.parsed, a.parsed));
  const published = all.filter(({ releaseDate }) => !isBefore(today, releaseDate));
  return {
    offered: {
      stable: published.filter(({ channel }) => channel === "stable"),
      beta: published.filter(({ channel }) => channel !== "alpha"),
      alpha: published,
    },
    channels: new Map(all.map(({ parsed, channel }) => [parsed.key, channel])),
    days: new Map(all.map(({ parsed, releaseDate }) => [parsed.key, releaseDate])),
  };
}
