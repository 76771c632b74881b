// The model of the simulation: from sizes that were measured on small data sets, and what a request costs, to the machines
// that a number of licenses needs.
import type { MeasuredSizes } from "./measure_sizes.ts";

/** How the software of a vendor is used, and what parts cost. What no run measures is an assumption, named as such in docs/scaling.md. */
export const assumptions = {
  /** The part of the active machines that is used on a day. */
  usedOnADay: 0.6,
  /** Of each of them. */
  verificationsADay: 4,
  /** One an hour of a working day. */
  heartbeatsADay: 8,
  /** The peak, as a multiple of the average over a day. */
  peak: 4,
  /** Years in which the data set has grown. */
  years: 5,
  /** How much of a core may be used at the peak. */
  load: 0.6,
  /** Processor time of the server; microseconds. */
  serverMicroseconds: { verify: 59, heartbeat: 90, activate: 400 },
  /** Processor time of PostgreSQL; microseconds. Heartbeats are written in batches. */
  databaseMicroseconds: { miss: 100, heartbeat: 40, activate: 200 },
  /** What a server process holds of licenses and machines; bytes, and bytes of each pair. */
  cache: { size: 80 * 1024 * 1024, pair: 110 },
} as const;

/** Calls of apps read and write these at random, by their unique indexes. */
const hot = ["licenses", "activations"];

/** A straight line through measured sizes. */
export interface Line {
  /** Bytes without any license, and of each license. */
  fixed: number;
  each: number;
  /** The largest distance of a measured size from the line, as a part of it. */
  deviation: number;
}

/** The line of least squares; sizes are weighted so that each counts by its relative distance. */
export function fitLine(points: { licenses: number; bytes: number }[]): Line {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { licenses: x, bytes: y } of points) {
    const weight = 1 / Math.max(y, 1) ** 2;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const determinant = w * wxx - wx * wx;
  const each = determinant === 0 ? 0 : (w * wxy - wx * wy) / determinant;
  const fixed = (wy - each * wx) / w;
  const deviation = Math.max(
    ...points.map(({ licenses, bytes }) =>
      bytes === 0 ? 0 : Math.abs(fixed + each * licenses - bytes) / bytes
    ),
  );
  return { fixed, each, deviation };
}

export interface RelationLine extends Line {
  table: string;
  index: string | null;
  isUnique: boolean;
}

/** The line of each table and index, the largest first. */
export function fitRelations(measured: MeasuredSizes[]): RelationLine[] {
  const [{ relations }] = measured;
  return relations.map(({ table, index, isUnique }) => ({
    table,
    index,
    isUnique,
    ...fitLine(measured.map(({ licenses, relations }) => ({
      licenses,
      bytes: Number(relations.find((each) => each.table === table && each.index === index)?.bytes ?? 0),
    }))),
  })).toSorted((a, b) => b.each - a.each);
}

/** What a number of licenses needs. Rates are those of the peak, a second. */
export interface Need {
  licenses: number;
  tableBytes: number;
  indexBytes: number;
  /** Of them what calls of apps read: it should be in the memory of PostgreSQL. */
  hotBytes: number;
  requests: number;
  serverCores: number;
  databaseCores: number;
  /** Rows that are written. */
  writes: number;
  /** The part of verifications that the cache of one server process answers. */
  cached: number;
  backupBytes: number;
  backupHours: number;
}

/** Computes what a number of licenses needs. */
export function simulate(licenses: number, measured: MeasuredSizes[]): Need {
  const largest = measured.toSorted((a, b) => b.licenses - a.licenses)[0];
  const lines = fitRelations(measured);
  const bytesOf = (wanted: RelationLine[]) =>
    wanted.reduce((sum, { fixed, each }) => sum + fixed + each * licenses, 0);
  const { usedOnADay, peak, cache, load, years } = assumptions;
  const machines = licenses * largest.activeMachines / largest.licenses;
  const used = machines * usedOnADay;
  const atPeak = (aDay: number) => aDay * peak / 86_400;
  const verify = atPeak(used * assumptions.verificationsADay);
  const heartbeat = atPeak(used * assumptions.heartbeatsADay);
  const activate = atPeak(licenses * largest.activations / largest.licenses / years / 365);
  const cached = Math.min(1, cache.size / cache.pair / used);
  const server = assumptions.serverMicroseconds;
  const database = assumptions.databaseMicroseconds;
  const cores = (microseconds: number) => microseconds / 1e6 / load;
  const backup = fitLine(measured.map(({ licenses, backup }) => ({ licenses, bytes: backup.bytes })));
  const backupTime = fitLine(measured.map(({ licenses, backup }) => ({ licenses, bytes: backup.seconds })));
  return {
    licenses,
    tableBytes: bytesOf(lines.filter(({ index }) => index === null)),
    indexBytes: bytesOf(lines.filter(({ index }) => index !== null)),
    hotBytes: bytesOf(
      lines.filter(({ table, index, isUnique }) => hot.includes(table) && (index === null || isUnique)),
    ),
    requests: verify + heartbeat + activate,
    serverCores: cores(verify * server.verify + heartbeat * server.heartbeat + activate * server.activate),
    databaseCores: cores(
      verify * (1 - cached) * database.miss + heartbeat * database.heartbeat + activate * database.activate,
    ),
    // An activation writes itself, its license and its event.
    writes: heartbeat + 3 * activate,
    cached,
    backupBytes: backup.fixed + backup.each * licenses,
    backupHours: (backupTime.fixed + backupTime.each * licenses) / 3600,
  };
}
