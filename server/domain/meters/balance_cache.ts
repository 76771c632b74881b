// The balances of meters that validations show, kept for a second, so that an app which validates often is one read a second.
import { LRUCache } from "lru-cache";
import { dayOf } from "../calendar.ts";
import type { MaybePromise } from "../when_known.ts";
import type { CurrentMeter, MeterReceipt } from "./meter.ts";

/** How old a balance may be; milliseconds. */
const MAX_AGE = 1000;
/** Licenses whose balances are kept; a bound on memory. */
const MAX_LICENSES = 10_000;

/** What is known of a license's meters. */
interface Entry {
  /** When they were read; a read under way began then. */
  at: Date;
  meters: CurrentMeter[] | null;
  reading: Promise<CurrentMeter[]>;
  /** What this process counted during the read, which may not have seen it; in order. */
  counted: MeterReceipt[];
}

/** Balances of meters by their licenses. */
export interface BalanceCache {
  /** The meters of a license, at most a second old at `now`; callers who wait for the same license share one read. */
  getOrRead(licenseId: number, now: Date, read: () => Promise<CurrentMeter[]>): MaybePromise<CurrentMeter[]>;
  /** Notes what this process has counted. */
  note(receipt: MeterReceipt): void;
  /** Forgets a license whose use this process has corrected. */
  forget(licenseId: number): void;
}

export function createBalanceCache(maxLicenses = MAX_LICENSES): BalanceCache {
  const entries = new LRUCache<number, Entry>({ max: maxLicenses });

  return {
    getOrRead(licenseId, now, read) {
      const known = entries.get(licenseId);
      if (known && isRecent(known.at, now)) return known.meters ?? known.reading;
      const entry: Entry = { at: now, meters: null, counted: [], reading: read() };
      entries.set(licenseId, entry);
      entry.reading = entry.reading.then((meters) => entry.meters = entry.counted.reduce(countedIn, meters));
      entry.reading.catch(() => {
        if (entries.peek(licenseId) === entry) entries.delete(licenseId);
      });
      return entry.reading;
    },
    note(receipt) {
      const entry = entries.peek(receipt.licenseId);
      if (!entry) return;
      if (entry.meters) entry.meters = countedIn(entry.meters, receipt);
      else entry.counted.push(receipt);
    },
    forget(licenseId) {
      entries.delete(licenseId);
    },
  };
}

/** Whether what was read then may be shown now. A new day may begin a period; a clock may have been put back since. */
function isRecent(at: Date, now: Date): boolean {
  return Math.abs(now.getTime() - at.getTime()) < MAX_AGE && dayOf(at) === dayOf(now);
}

/** The meters with the balance after a count. */
function countedIn(meters: CurrentMeter[], receipt: MeterReceipt): CurrentMeter[] {
  const { meter, period, startsOn, used, reserved } = receipt;
  return meters.map((each) =>
    each.meter === meter && each.period === period && each.startsOn === startsOn
      ? { ...each, used, reserved }
      : each
  );
}
