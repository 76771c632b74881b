// Preferences of administrators, such as saved list views, columns and theme. Only the panel interprets them, but for the time
// zone, in which mails to the administrator write times.
import type { z } from "zod";
import { type Context, inTransaction } from "../context.ts";
import type { preference } from "./inputs.ts";
import { refuse } from "../errors.ts";
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
 * @throws DomainError `CONFLICT` when the actor has too many preferences
 */
export async function setPreference(
  ctx: Context,
  { name, value }: z.infer<typeof preference>,
): Promise<void> {
  const me = requireAdministrator(ctx);
  await inTransaction(ctx, async (ctx) => {
    // Concurrent calls must not exceed the limit together.
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
