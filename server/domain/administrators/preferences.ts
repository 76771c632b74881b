// Preferences of administrators, such as saved list views, columns and theme. Only the panel interprets them, but for the time
// zone, in which mails to the administrator write times.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import type { preference } from "./inputs.ts";
import { refuse } from "../errors.ts";
import { revisionOf } from "../revision.ts";
import { requireAdministrator } from "./administrators.ts";

/** A row of `administrator_preferences`. */
export interface AdministratorPreferenceRow {
  administratorId: number;
  name: string;
  value: unknown;
  updatedAt: Date;
}

const MAX_PREFERENCES = 200;

/** The preferences of the actor, values by name. */
export async function getPreferences(ctx: Context): Promise<Record<string, unknown>> {
  const me = requireAdministrator(ctx);
  const rows = await ctx.db<AdministratorPreferenceRow[]>`
    select *
    from administrator_preferences
    where administrator_id = ${me.id}
    order by name`;
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/**
 * Stores a preference of the actor; the value null deletes it.
 *
 * @param input.seen the value that was changed, null for none; without it, any
 * @throws DomainError `REVISION_OUTDATED` when another value is stored, `CONFLICT` when the actor has too many preferences
 */
export async function setPreference(
  ctx: Context,
  { name, value, seen }: z.infer<typeof preference>,
): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    // Concurrent calls must not exceed the limit together, nor replace what they have not seen.
    await ctx.db`
      select 1
      from administrators
      where id = ${me.id}
      for no key update`;
    if (seen !== undefined) await requireSeen(ctx, me.id, { name, seen });
    if (value === null) {
      await ctx.db`
        delete from administrator_preferences
        where administrator_id = ${me.id} and name = ${name}`;
      return;
    }
    const stored = await ctx.db`
      insert into administrator_preferences (administrator_id, name, value, updated_at)
      select ${me.id}, ${name}, ${ctx.db.json(value as never)}, ${ctx.now}
      where (
        select count(*)
        from administrator_preferences
        where administrator_id = ${me.id} and name <> ${name}
      ) < ${MAX_PREFERENCES}
      on conflict on constraint administrator_preferences_pkey do update
      set value = excluded.value, updated_at = excluded.updated_at`;
    if (stored.count === 0) {
      refuse("CONFLICT", { reason: "too_many", field: "name", maximum: MAX_PREFERENCES });
    }
  });
}

/** Requires that a preference has the value that was seen. `jsonb` compares objects without the order of their keys. */
async function requireSeen(
  ctx: Context,
  administratorId: number,
  { name, seen }: { name: string; seen: unknown },
): Promise<void> {
  const [stored] = await ctx.db<{ value: unknown; isSeen: boolean }[]>`
    select value, value = ${ctx.db.json(seen as never)}::jsonb as is_seen
    from administrator_preferences
    where administrator_id = ${administratorId} and name = ${name}`;
  if (stored ? stored.isSeen : seen === null) return;
  const current = { value: stored?.value ?? null };
  refuse("REVISION_OUTDATED", { subject: "preference", revision: revisionOf(current), current });
}
