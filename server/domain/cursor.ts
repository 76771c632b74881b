// Cursors of lists: the order, the sort value and id of the last row of a page or of its first one, and which of the two.
// Clients get them as opaque text, and may send anything back, so that each part is checked before it becomes part of a
// statement.
import { Buffer } from "node:buffer";
import { refuse } from "./errors.ts";
import { isStorable } from "./text.ts";

/** The SQL type of a sort value. */
export type SortType = "bigint" | "text" | "date" | "timestamptz";

export interface Position {
  /** The sort value as PostgreSQL writes it. */
  key: string;
  id: number;
}

/** Whether a page has the rows after a position, or those before it. */
export type Side = "after" | "before";

/** A position, and on which side of it the page is. */
export interface PageStart extends Position {
  side: Side;
}

export function writeCursor(sort: string, { key, id, side }: PageStart): string {
  return Buffer.from(JSON.stringify([sort, key, id, ...(side === "before" ? [side] : [])])).toString(
    "base64url",
  );
}

/**
 * Reads a cursor.
 *
 * @throws DomainError `INVALID_REQUEST` for a cursor of another list or order, and for one that no list wrote
 */
export function readCursor(cursor: string, order: { sort: string; type: SortType }): PageStart {
  try {
    const [sort, key, id, side = "after"] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const isOfOrder = sort === order.sort && typeof key === "string" && Number.isSafeInteger(id) &&
      (side === "after" || side === "before");
    if (isOfOrder && isKey[order.type](key)) return { key, id, side };
  } catch {
    // Not a cursor of ours; refused below.
  }
  return refuse("INVALID_REQUEST", { field: "cursor", reason: "not_allowed" });
}

/** Longer values are sorted by a prefix, or not at all. */
const MAX_TEXT = 1000;
const BIGINT = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

const isKey: Record<SortType, (key: string) => boolean> = {
  bigint: (key) => /^-?\d{1,19}$/.test(key) && BigInt(key) >= BIGINT.least && BigInt(key) <= BIGINT.most,
  text: (key) => key.length <= MAX_TEXT && isStorable(key),
  // Lists sort what never ends as infinity.
  date: (key) => /^-?infinity$/.test(key) || isDay(key),
  timestamptz: (key) => {
    const parts = key.match(/^(\d{4}-\d\d-\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?\+00$/);
    return /^-?infinity$/.test(key) || parts !== null && isDay(parts[1]);
  },
};

/** Whether text is a day of the calendar, years 1 to 9999. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "0001") return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
