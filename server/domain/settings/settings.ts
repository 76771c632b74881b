// What an owner may change while the system runs: names, defaults and allowed values. The table holds only what
// differs from the default.
import { z } from "zod";
import type { Db } from "../../../db/connect.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";

const schema = z.object({
  seatTimeToLive: z.int().min(30).max(86_400).default(300).describe(
    "Seconds without a sign of life after which a seat is free again",
  ),
  acceptImportedKeys: z.boolean().default(false).describe(
    "Whether license keys from elsewhere were imported that have our form and another check character",
  ),
  requireSecondFactor: z.boolean().default(false).describe(
    "Whether administrators without a second factor may do nothing but switch one on",
  ),
  keepEventsFor: z.int().min(0).max(36_500).refine((days) => days === 0 || days >= 30, "0 or at least 30")
    .default(0).describe("Days the audit log is kept, at least 30; 0 is for ever"),
  keepDeliveriesFor: z.int().min(1).max(3650).default(30).describe(
    "Days settled webhook deliveries are kept, to be looked at and replayed",
  ),
  keepStatisticsFor: z.int().min(7).max(3650).default(90).describe(
    "Days statistics by the hour are kept; those by the day stay",
  ),
  anomalyMachinesPerHour: z.int().min(1).max(100_000).default(5).describe(
    "New machines on a license within an hour above which it is an anomaly",
  ),
  anomalyNetworksPerDay: z.int().min(1).max(100_000).default(3).describe(
    "Networks (/24 or /48) a license is activated from within a day above which it is an anomaly",
  ),
  anomalyRefusedHeartbeats: z.int().min(1).max(100_000).default(10).describe(
    "Heartbeats of an activation refused within ten minutes above which it is an anomaly",
  ),
  anomalyLicensesPerMachine: z.int().min(2).max(100_000).default(3).describe(
    "Licenses one machine is activated on within a day from which on it is an anomaly",
  ),
  anomalyPlaceChangesPerDay: z.int().min(1).max(100_000).default(3).describe(
    "Changes of machine on one place of a license within a day above which it is an anomaly",
  ),
  alertLoadPerCore: z.number().min(0.1).max(100).default(2).describe(
    "Load per processor core of a machine above which owners are alerted",
  ),
  alertQueueBacklog: z.int().min(1).max(10_000_000).default(1000).describe(
    "Jobs or deliveries waiting above which owners are alerted",
  ),
  alertAnomalies: z.int().min(1).max(1_000_000).default(10).describe(
    "Unresolved anomalies from which on owners are alerted",
  ),
  trialPlan: z.string().max(63).default("trial").describe(
    "Code of the plan that a user's first sign-in with a device starts, once ever; empty for none",
  ),
  appLink: z.string().max(255).regex(/^([a-z][a-z0-9+.-]*:.*\{token\}.*)?$/i).default(
    "uploadbridge://magic-link?token={token}",
  ).describe("Where the page behind a sign-in link hands its token to the app; empty for nowhere"),
});

export type Settings = z.infer<typeof schema>;
export type SettingName = keyof Settings;

export const defaultSettings: Settings = schema.parse({});

/** All settings as they stand. A value that no longer fits its schema counts as absent. */
export async function readSettings(db: Db): Promise<Settings> {
  const rows = await db<{ name: string; value: unknown }[]>`select name, value from settings`;
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const { name, value } of rows) {
    const parsed = schema.shape[name as SettingName]?.safeParse(value);
    if (parsed?.success) settings[name] = parsed.data;
  }
  return settings as Settings;
}

/** A setting as an owner sees it. */
export interface DescribedSetting {
  name: SettingName;
  description: string;
  value: Settings[SettingName];
  default: Settings[SettingName];
  /** JSON Schema of what it may be. */
  allowed: unknown;
}

/** Every setting, with what it means and may be. */
export async function describeSettings(ctx: Context): Promise<DescribedSetting[]> {
  requireRole(ctx, "owner");
  const settings = await readSettings(ctx.db);
  return (Object.keys(schema.shape) as SettingName[]).map((name) => {
    const { $schema: _, ...allowed } = z.toJSONSchema(schema.shape[name], { io: "input" });
    return {
      name,
      description: schema.shape[name].description ?? "",
      value: settings[name],
      default: defaultSettings[name],
      allowed,
    };
  });
}

/**
 * Changes one setting.
 *
 * @throws Refusal `FORBIDDEN` for anyone but an owner, `INVALID_REQUEST` when the value is not allowed
 */
export async function changeSetting<Name extends SettingName>(
  ctx: Context,
  name: Name,
  value: Settings[Name],
): Promise<void> {
  requireRole(ctx, "owner");
  if (!Object.hasOwn(schema.shape, name)) {
    refuse("NOT_FOUND", { field: "name" }, { message: "There is no setting of that name." });
  }
  const parsed = schema.shape[name].safeParse(value);
  if (!parsed.success) {
    const reason = parsed.error.issues[0].message;
    refuse("INVALID_REQUEST", { field: name, reason }, {
      message: `This setting does not take that value: ${reason}.`,
    });
  }
  await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      insert into settings (name, value, updated_at)
      values (${name}, ${ctx.db.json(parsed.data)}, ${ctx.now})
      on conflict (name) do update
      set value = excluded.value, updated_at = excluded.updated_at`;
    await recordEvent(ctx, {
      type: "settings.changed",
      subject: ["setting", 0],
      before: { [name]: ctx.settings[name] },
      after: { [name]: value },
    });
  });
}

/** From now on a wrong check character alone no longer proves a slip; such keys are looked up. */
export async function enableImportedKeys(ctx: Context): Promise<void> {
  await ctx.db`
    insert into settings (name, value)
    values ('acceptImportedKeys', 'true')
    on conflict (name) do update
    set value = excluded.value`;
}
