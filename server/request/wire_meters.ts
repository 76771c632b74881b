// The balance of meters on the wire, the same in every call that has it.
import { z } from "zod";
import { endOf, startOf } from "../domain/calendar.ts";
import { type CurrentMeter, type MeterBalance, remainingUnits } from "../domain/meters/meter.ts";
import { wireTime } from "./wire_time.ts";

/** In the form of `wireTime`. */
const time = z.iso.datetime().describe("An instant in UTC");

export const balance = {
  used: z.int().describe("Units that are used in the period"),
  reserved: z.int().describe("Units that reservations hold"),
  limit: z.int().describe("Units in the period"),
  remaining: z.int().describe("Units that are left of the limit, neither used nor reserved"),
  over_limit: z.boolean().describe("Whether more than the limit is used, which the license's overage allows"),
  period_start: time.nullable().describe("When the period started; null: use is counted without a period"),
  period_ends: time.nullable().describe("When use starts at 0 again; null: never"),
};

/** The balance of a meter in its current period. */
export const meterUsage = z.object({
  ...balance,
  period: z.enum(["day", "month", "license", "forever"]).describe(
    "When use starts at 0 again: each day or month in UTC, each period of the license, or never",
  ),
  overage: z.int().nullable().describe("Percent of the limit that are admitted beyond it; null: any number"),
}).meta({ id: "MeterUsage" });

/** As an additive field of an answer about a license. */
export const shownUsage = z.record(z.string(), meterUsage).optional().describe(
  "The meters of the license by their names, in their current periods, at most a second old; absent where it has none",
);

/** The meters of a license by their names. */
export function wireMeters(meters: CurrentMeter[]) {
  return Object.fromEntries(
    meters.map(({ meter, period, overage, ...rest }) => [
      meter,
      { ...wireBalance({ meter, period, ...rest }), period, overage },
    ]),
  );
}

export function wireBalance({ used, reserved, limit, period, startsOn, endsOn }: MeterBalance) {
  return {
    used,
    reserved,
    limit,
    remaining: remainingUnits({ limit, used, reserved }),
    over_limit: used > limit,
    period_start: period === "forever" ? null : wireTime(startOf(startsOn)),
    period_ends: endsOn && wireTime(endOf(endsOn)),
  };
}
