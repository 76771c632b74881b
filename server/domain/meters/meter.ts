// Meters of a license: what is counted of it, in which period, and how far it may go.
import type { Db, Fragment } from "../../../db/connect.ts";
import type { CalendarDay } from "../calendar.ts";

export type MeterPeriod = "day" | "month" | "license" | "forever";

/** A row of `meter_usage`. */
export interface MeterUsageRow {
  licenseId: number;
  meter: string;
  period: MeterPeriod;
  startsOn: CalendarDay;
  endsOn: CalendarDay | null;
  maxUnits: number;
  used: number;
  reserved: number;
  firstExpiry: Date | null;
  toldUnits: number;
  /** How far it is used: 0, or from 80 or 100 percent of the limit on, or 101 when more than the limit is used. */
  level: number;
  updatedAt: Date;
}

/** A row of `meter_reservations`. */
export interface MeterReservationRow {
  id: string;
  licenseId: number;
  meter: string;
  period: MeterPeriod;
  startsOn: CalendarDay;
  amount: number;
  state: "open" | "committed" | "released" | "lapsed";
  reservedAt: Date;
  expiresAt: Date;
}

/** A meter and its period on a license. */
export type MeterKey = Pick<MeterUsageRow, "licenseId" | "meter" | "period" | "startsOn">;

/** What is used of a meter in a period. */
export interface MeterBalance
  extends Pick<MeterUsageRow, "meter" | "period" | "startsOn" | "endsOn" | "used" | "reserved"> {
  /** Units in the period. */
  limit: number;
}

/** A meter in its current period. */
export interface CurrentMeter extends MeterBalance {
  /** Percent of the limit that are admitted beyond it; null: any number. */
  overage: number | null;
  /** Units that are admitted with the overage. */
  most: number;
  /** Whether reservations may have lapsed that are not closed. */
  isDue: boolean;
}

/** What a call counted, and the balance after it. */
export interface MeterReceipt extends MeterBalance {
  /** One for each thing that was counted: two answers with the same id are one count. */
  id: string;
  licenseId: number;
  /** Units of this call. */
  amount: number;
}

/** The units that are left of the limit, beside those that are reserved. */
export function remainingUnits(
  { limit, used, reserved }: Pick<MeterBalance, "limit" | "used" | "reserved">,
): number {
  return Math.max(0, limit - used - reserved);
}

/** The condition that two rows are of the same meter in the same period. */
export function sameMeter(db: Db, one: "r" | "u" | "v", other: "a" | "c" | "k" | "u"): Fragment {
  const [a, b] = [db.unsafe(one), db.unsafe(other)];
  return db`${a}.license_id = ${b}.license_id and ${a}.meter = ${b}.meter and ${a}.period = ${b}.period
    and ${a}.starts_on = ${b}.starts_on`;
}
