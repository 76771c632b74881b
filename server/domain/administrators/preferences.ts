// What an administrator likes: views of lists they saved, columns they chose, the theme. The panel says what the names
// and values mean; here they are only kept, for their owner alone.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import type { preference } from "./inputs.ts";
import { refuse } from "../errors.ts";
import { requireAdministrator } from "./administrator.ts";

/** A row of `administrator_preferences`. */
export interface AdministratorPreferenceRow {
  administratorId: number;
  name: string;
  value: unknown;
  updatedAt: Date;
}

/** Preferences an administrator can have. */
const MOST = 200;

/** The caller's preferences, value by name. */
export async function listPreferences(ctx: Context): Promise<Record<string, unknown>> {
  const me = requireAdministrator(ctx);
  const rows = await ctx.db<AdministratorPreferenceRow[]>`
    select *
    from administrator_preferences
    where administrator_id = ${me.id}
    order by name`;
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/**
 * Keeps one of the caller's preferences; null forgets it.
 *
 * @throws DomainError `CONFLICT` when there are too many already
 */
export async function keepPreference(
  ctx: Context,
  { name, value }: z.infer<typeof preference>,
): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    // Whoever counts, and adds one, is alone meanwhile.
    await ctx.db`
      select 1
      from administrators
      where id = ${me.id}
      for no key update`;
    if (value === null) {
      await ctx.db`
        delete from administrator_preferences
        where administrator_id = ${me.id} and name = ${name}`;
      return;
    }
    const kept = await ctx.db`
      insert into administrator_preferences (administrator_id, name, value, updated_at)
      select ${me.id}, ${name}, ${ctx.db.json(value as never)}, ${ctx.now}
      where (
        select count(*)
        from administrator_preferences
        where administrator_id = ${me.id} and name <> ${name}
      ) < ${MOST}
      on conflict on constraint administrator_preferences_pkey do update
      set value = excluded.value, updated_at = excluded.updated_at`;
    if (kept.count === 0) {
      refuse("CONFLICT", { reason: "too_many", field: "name", maximum: MOST });
    }
  });
}
