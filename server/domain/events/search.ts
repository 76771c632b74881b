// Searching events by text. Which types and actors match is found first, in tables that are small beside the events, so that
// the events themselves are read by index.
import { type Fragment, plannedForValues } from "../../../db/connect.ts";
import type { Context } from "../context.ts";
import { containsPattern } from "../list_conditions.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { systemNamesTitled } from "./catalogue/system_titles.ts";

/** Names of the system in events, beside those of scheduled jobs. A test finds each. */
export const systemNames = [
  "command line",
  "demo data",
  "doctor",
  "health_check",
  "identity provider",
  "invitation",
  "password link",
  "restore",
  "setup",
  "sign-in",
  "trial",
] as const;

/** Actors of a kind are selected by their ids up to this number; of more, events are found soon by their names. */
const FEW = 1000;

type ActorKind = "administrator" | "api_key" | "user" | "system";

/**
 * The condition that the type of an event `e`, or the name of its actor, contains a text. Actors are found by the names that
 * they have now.
 *
 * @returns the condition in an object, because it would be sent if it were awaited
 */
export async function eventMatches(ctx: Context, q: string): Promise<{ isMatch: Fragment }> {
  const pattern = containsPattern(q);
  const types = Object.keys(catalogue).filter((type) => type.includes(q.toLowerCase()));
  const actors = await plannedForValues(ctx.db<{ kind: ActorKind; id: number | null; name: string | null }[]>`
    select 'administrator' as kind, id, null as name
    from administrators
    where name ilike ${pattern}
    union all
    select 'api_key', id, null
    from api_keys
    where name ilike ${pattern}
    union all
    (
      select 'user', id, null
      from users
      where email ilike ${pattern}
      limit ${FEW + 1}
    )
    union all
    select 'system', null, name
    from (
      select job as name
      from job_schedules
      union
      select unnest(${[...systemNames]}::text[])
    ) systems
    where name ilike ${pattern} or name = any(${systemNamesTitled(q)}::text[])`);
  const conditions = [...Map.groupBy(actors, ({ kind }) => kind)].map(([kind, found]): Fragment => {
    if (kind === "system") {
      return ctx.db`e.actor_kind = 'system' and e.actor_name = any(${
        found.map(({ name }) => name!)
      }::text[])`;
    }
    return found.length > FEW
      ? ctx.db`e.actor_kind = ${kind} and e.actor_name ilike ${pattern}`
      : ctx.db`e.actor_kind = ${kind} and e.actor_id = any(${found.map(({ id }) => id!)}::bigint[])`;
  });
  if (types.length > 0) conditions.push(ctx.db`e.type = any(${types}::text[])`);
  const either = conditions.reduce<Fragment>(
    (any, condition) => ctx.db`${any} or ${condition}`,
    ctx.db`false`,
  );
  return { isMatch: ctx.db`(${either})` };
}
