// The terms of plans and licenses as input: how each is written, and what applies when it is not given. A new term is a
// field here and a column of `plans` and of `licenses` with the same default; what it decides belongs to the checks.
import { z } from "zod";
import { code, period, usageLimit } from "../input_fields.ts";
import { namedValues } from "../named_values.ts";
import { parseVersionRange } from "./version_range.ts";

/** A number of 30-day or shorter periods, hours or minutes: "P30D", "PT12H". */
const timeSpan = z.string().regex(
  /^P(?:[1-9]\d{0,3}D|T[1-9]\d{0,3}[HM])$/,
  "must be a duration of days, hours or minutes such as P30D, PT12H or PT90M",
);

const percent = z.int().min(0).max(1000);

/** What an app may do: true, a number or a text. */
export const entitlementValue = z.union([z.literal(true), z.number().finite(), z.string().max(255)]);

export const entitlements = namedValues(code, entitlementValue)
  .refine((all) => Object.keys(all).length <= 100, "has more than 100 entitlements");

export const meter = z.strictObject({
  limit: z.int().min(0).max(1_000_000_000_000).describe("Units in a period"),
  period: z.enum(["day", "month", "license", "forever"]).describe(
    "When use starts at 0 again: each day or month of the calendar in UTC, each period of the license, or never",
  ),
  overage: percent.nullable().default(0).describe(
    "Percent of the limit that are allowed beyond it; null: any number",
  ),
});

export const meters = namedValues(code, meter)
  .refine((all) => Object.keys(all).length <= 20, "has more than 20 meters");

/** Terms that a license has a copy of. Each has the default of its column. */
export const terms = z.strictObject({
  maxActivations: usageLimit.default(1).describe("Activation limit of a license"),
  maxUsers: usageLimit.default(1).describe("Concurrent users of a license"),
  duration: period.nullable().default(null).describe(
    "Duration of a period in days, months or years; null: never expires",
  ),
  expiryBasis: z.enum(["issue", "first_activation", "first_validation", "first_sign_in"]).default("issue")
    .describe(
      "When the first period starts",
    ),
  renewalBasis: z.enum(["expiry", "now", "now_if_expired"]).default("expiry").describe(
    "From where a renewal counts: the last day, today, or today where the license is expired",
  ),
  graceDays: z.int().min(0).max(3650).default(0).describe(
    "Days after the last day on which the license stays valid, with code GRACE_PERIOD",
  ),
  afterExpiry: z.enum(["refuse", "entitled_versions", "allow"]).default("refuse").describe(
    "What an expired license allows: nothing, the versions released while updates were included, or everything",
  ),
  updates: period.nullable().default(null).describe(
    "How long new releases are included; null: as long as the license is valid",
  ),
  versions: z.string().trim().min(1).max(255).refine(
    (text) => parseVersionRange(text) !== null,
    "must be a range of versions such as >=2.0.0 <3.0.0, ^2.1, 2.x or 1.0 - 2.5",
  ).nullable().default(null).describe(
    "Versions that are covered, a range such as >=2.0.0 <3.0.0; null: any",
  ),
  machineOverage: percent.nullable().default(0).describe(
    "Percent of the activation limit that are admitted beyond it; null: any number",
  ),
  machineLease: timeSpan.nullable().default(null).describe(
    "Time without a heartbeat after which an activation lapses; null: it never does",
  ),
  machineReplacement: z.enum(["refuse", "longest_idle"]).default("refuse").describe(
    "What a new device does on a full license: it is refused, or replaces the one that was idle longest",
  ),
  replacementIdleDays: z.int().min(1).max(3650).default(30).describe(
    "Days without a heartbeat after which a device can be replaced",
  ),
  maxNewMachines: z.int().min(1).max(1_000_000).nullable().default(null).describe(
    "New devices within 30 days; null: any number",
  ),
  machineMatching: z.enum(["exact", "any", "two", "most", "all"]).default("exact").describe(
    "How many components of a device have to be the same for it to be recognised; exact: its fingerprint counts",
  ),
  machineUniqueness: z.enum(["license", "plan", "product", "customer"]).default("license").describe(
    "Within what a device can be active only once: a device that is active on any other license there is refused",
  ),
  seatScope: z.enum(["license", "machine"]).default("license").describe(
    "Whether concurrent users are counted for the license, or for each device",
  ),
  seatTtl: z.int().min(30).max(86_400).default(300).describe(
    "Seconds without a heartbeat after which a session ends",
  ),
  seatQueue: z.boolean().default(false).describe(
    "Whether an app waits in a queue when the limit of concurrent users is reached",
  ),
  offlineDays: z.int().min(0).max(3650).default(0).describe(
    "Days until a license file expires, by which an app works without a connection; 0: there are none",
  ),
  offlineBorrowing: z.boolean().default(false).describe(
    "Whether a license file keeps the activation of its device until it ends, although the device is not heard of",
  ),
  entitlements: entitlements.default({}).describe("What the app may do: names with true, a number or a text"),
  meters: meters.default({}).describe("Metered use: names with a limit, a period and an overage"),
  trialPer: z.enum(["none", "user", "machine", "customer"]).default("none").describe(
    "Within what a trial of the product can be started only once",
  ),
});

export type Terms = z.infer<typeof terms>;

export const termNames = Object.keys(terms.shape) as (keyof Terms)[];

/** What applies where nothing is given. */
export const defaultTerms: Terms = terms.parse({});

type TermShape = typeof terms.shape;
/** Each term without its default. */
type GivenTerms = { [Name in keyof TermShape]: ReturnType<TermShape[Name]["unwrap"]> };

/** The terms as they are stored, each with a value. */
export const givenTerms = Object.fromEntries(
  Object.entries(terms.shape).map(([name, field]) => [name, field.unwrap().describe(field.description!)]),
) as GivenTerms;

/** The terms where any may be absent: a change, or a license's own terms beside its plan's. */
export const optionalTerms = Object.fromEntries(
  Object.entries(givenTerms).map(([name, field]) => [name, field.optional().describe(field.description!)]),
) as { [Name in keyof GivenTerms]: z.ZodOptional<GivenTerms[Name]> };
