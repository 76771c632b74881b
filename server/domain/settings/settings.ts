// Reading and changing settings. The table holds only the settings that were changed; others have their default.
import { z } from "zod";
import type { Db } from "../../../db/connect.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRecentAuthentication, requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { refuse } from "../errors.ts";
import { safeParse } from "../safe_parse.ts";
import { requireRevision, revisionOf, type SeenRevision, type WithRevision } from "../revision.ts";
import { isSensitiveSetting } from "./sensitive.ts";
import { defaultSettings, type SettingName, type Settings, settingsSchema } from "./schema.ts";

/** The key of the advisory lock under which a setting is changed. An arbitrary number. */
const CHANGE_LOCK = 7_310_552_904;

/** All settings. A stored value that no longer matches its schema is ignored and the default used. */
export async function readSettings(db: Db): Promise<Settings> {
  const rows = await db<{ name: string; value: unknown }[]>`
    select name, value
    from settings`;
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const { name, value } of rows) {
    if (!Object.hasOwn(settingsSchema.shape, name)) continue;
    const parsed = safeParse<Settings[SettingName]>(settingsSchema.shape[name as SettingName], value);
    if (parsed.success) settings[name] = parsed.data;
  }
  return settings as Settings;
}

/** A setting with its description, value, revision, default and allowed values. */
export interface DescribedSetting extends WithRevision {
  name: SettingName;
  description: string;
  value: Settings[SettingName];
  default: Settings[SettingName];
  /** JSON Schema of the allowed values. */
  allowed: Record<string, unknown>;
}

/** All settings with descriptions and allowed values. */
export async function describeSettings(ctx: Context): Promise<DescribedSetting[]> {
  requireRole(ctx, "owner");
  const settings = await readSettings(ctx.db);
  return (Object.keys(settingsSchema.shape) as SettingName[]).map((name) => {
    const { $schema: _, ...allowed } = z.toJSONSchema(settingsSchema.shape[name], { io: "input" });
    return {
      name,
      description: settingsSchema.shape[name].description ?? "",
      value: settings[name],
      revision: revisionOf({ value: settings[name] }),
      default: defaultSettings[name],
      allowed,
    };
  });
}

/**
 * Changes one setting.
 *
 * @param options.revision the revision that was seen; without it, any
 * @returns its new revision
 * @throws DomainError `FORBIDDEN` unless the actor is an owner, `NOT_FOUND` for an unknown setting, `INVALID_REQUEST` for
 *   a value that is not allowed, `REAUTHENTICATION_REQUIRED` for a sensitive setting, `REVISION_OUTDATED`
 */
export async function changeSetting<Name extends SettingName>(
  ctx: Context,
  name: Name,
  value: Settings[Name],
  { revision }: { revision?: SeenRevision } = {},
): Promise<WithRevision> {
  requireRole(ctx, "owner");
  if (!Object.hasOwn(settingsSchema.shape, name)) {
    refuse("NOT_FOUND", { subject: "setting", field: "name" });
  }
  const parsed = safeParse<Settings[SettingName]>(settingsSchema.shape[name], value);
  if (!parsed.success) {
    const expectation = parsed.error.issues[0].message;
    refuse("INVALID_REQUEST", { field: name, reason: "not_allowed", expectation });
  }
  if (isSensitiveSetting[name]) requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    // A setting that was never changed has no row that could be locked.
    await ctx.db`select pg_advisory_xact_lock(${CHANGE_LOCK})`;
    const before = (await readSettings(ctx.db))[name];
    requireRevision({ subject: "setting", current: { value: before } }, revision);
    await ctx.db`
      insert into settings (name, value, updated_at)
      values (${name}, ${ctx.db.json(parsed.data)}, ${ctx.now})
      on conflict (name) do update
      set value = excluded.value, updated_at = excluded.updated_at`;
    await recordEvent(ctx, {
      type: "settings.changed",
      subjectId: 0,
      before: { [name]: before },
      after: { [name]: value },
    });
    return { revision: revisionOf({ value: parsed.data }) };
  });
}

/** Sets `acceptImportedKeys`: keys whose checksum does not match are looked up instead of refused. */
export async function enableImportedKeys(ctx: Context): Promise<void> {
  await ctx.db`
    insert into settings (name, value)
    values ('acceptImportedKeys', 'true')
    on conflict (name) do update
    set value = excluded.value`;
}
