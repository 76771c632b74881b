// What an owner may change while the system runs: names, defaults and allowed values. The table holds only what
// differs from the default.
import { z } from "zod";
import type { Db } from "../../db/connect.ts";
import { type Context, inTransaction, requireRole } from "./context.ts";
import { recordEvent } from "./events.ts";
import { refuse } from "./refusals.ts";

const schema = z.object({
  seatTimeToLive: z.int().min(30).max(86_400).default(300).describe(
    "Seconds without a sign of life after which a seat is free again",
  ),
  foreignKeys: z.boolean().default(false).describe(
    "Whether license keys from elsewhere were imported that have our form and another check character",
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
  const parsed = schema.shape[name].safeParse(value);
  if (!parsed.success) refuse("INVALID_REQUEST", { field: name, reason: parsed.error.issues[0].message });
  await inTransaction(ctx, async (ctx) => {
    await ctx.db`
      insert into settings (name, value, updated_at)
      values (${name}, ${ctx.db.json(value)}, ${ctx.now})
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
export async function expectForeignKeys(ctx: Context): Promise<void> {
  await ctx.db`
    insert into settings (name, value)
    values ('foreignKeys', 'true')
    on conflict (name) do update
    set value = excluded.value`;
}
