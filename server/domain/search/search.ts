// Search over everything that has a name: customers, licenses, machines, leads. First what begins like the question,
// then what holds it, then, where that is little, what is only nearly so; each from an index, and each so many at most.
import type { Fragment } from "../../../db/connect.ts";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { dayOf } from "../calendar.ts";
import { containsPattern } from "../lists.ts";
import { stateOn } from "../licenses/license.ts";

export const searchable = ["customer", "license", "device", "lead"] as const;
export type Searchable = typeof searchable[number];

export interface Hit {
  type: Searchable;
  id: number;
  title: string;
  subtitle: string;
  /** From 0 to 1; the better the higher. */
  rank: number;
  /** The license a machine is on. */
  licenseId: number | null;
}

/** Candidates a kind and manner are weighed of; the rest would not be looked at anyway. */
const MOST = 200;
/** Below this likeness a word is another word. */
const LIKENESS = 0.45;

interface Place {
  type: Searchable;
  /** Finds up to `MOST` ids; `by` says in which manner. */
  candidates(ctx: Context, by: Manner): Fragment;
  /** The rows of `found`, with `title` and `also`, the texts that are weighed, and what the subtitle is made of. */
  rows(ctx: Context, found: Fragment): Fragment;
  subtitle(ctx: Context, row: Found): string;
}

type Manner = { pattern: string } | { like: string };

interface Found {
  id: number;
  title: string;
  also: string | null;
  detail: string | null;
  licenseId: number | null;
  isActive: boolean | null;
  validFrom: string | null;
  validUntil: string | null;
}

const none = (ctx: Context) =>
  ctx.db`null::boolean as is_active, null::date as valid_from, null::date as valid_until`;

/** "name like pattern", or nearly so; `<%` finds the word within the text. */
function holds(ctx: Context, column: Fragment, by: Manner): Fragment {
  return "pattern" in by ? ctx.db`${column} ilike ${by.pattern}` : ctx.db`${by.like} <% ${column}`;
}

const places: Place[] = [
  {
    type: "customer",
    candidates: (ctx, by) =>
      ctx.db`
      (select id from customers where ${holds(ctx, ctx.db`name`, by)} and deleted_at is null limit ${MOST})
      union
      (select id from customers where ${holds(ctx, ctx.db`email`, by)} and deleted_at is null limit ${MOST})`,
    rows: (ctx, found) =>
      ctx.db`
      select c.id, c.name as title, c.email as also, c.email as detail, null::bigint as license_id, ${
        none(ctx)
      }
      from customers c
      where c.id in (${found})`,
    subtitle: (_ctx, row) => row.detail ?? "",
  },
  {
    type: "license",
    candidates: (ctx, by) =>
      ctx.db`
      select id from licenses where ${holds(ctx, ctx.db`key`, by)} and deleted_at is null limit ${MOST}`,
    rows: (ctx, found) =>
      ctx.db`
      select l.id, l.key as title, null as also, c.name as detail, l.id as license_id, l.is_active, l.valid_from,
        l.valid_until
      from licenses l
      join customers c on c.id = l.customer_id
      where l.id in (${found})`,
    subtitle: (ctx, row) =>
      `${row.detail} - ${
        states[
          stateOn(dayOf(ctx.now), {
            isActive: row.isActive!,
            validFrom: row.validFrom!,
            validUntil: row.validUntil,
          })
        ]
      }`,
  },
  {
    type: "device",
    candidates: (ctx, by) =>
      ctx.db`
      (select id from activations where ${holds(ctx, ctx.db`machine_name`, by)} limit ${MOST})
      union
      (select id from activations where ${holds(ctx, ctx.db`hardware_id`, by)} limit ${MOST})`,
    rows: (ctx, found) =>
      ctx.db`
      select a.id, coalesce(a.machine_name, a.hardware_id) as title, a.hardware_id as also,
        c.name || ' - ' || l.key as detail, l.id as license_id, ${none(ctx)}
      from activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      where a.id in (${found}) and l.deleted_at is null`,
    subtitle: (_ctx, row) => row.detail ?? "",
  },
  {
    type: "lead",
    candidates: (ctx, by) =>
      ctx.db`
      (select id from institutions where ${holds(ctx, ctx.db`name`, by)} and deleted_at is null limit ${MOST})
      union
      (
        select institution_id
        from contacts
        where (${holds(ctx, ctx.db`name`, by)} or ${holds(ctx, ctx.db`email`, by)}) and deleted_at is null
        limit ${MOST}
      )`,
    rows: (ctx, found) =>
      ctx.db`
      select i.id, i.name as title,
        (
          select string_agg(concat_ws(' ', k.name, k.email), ' ')
          from contacts k
          where k.institution_id = i.id and k.deleted_at is null
        ) as also,
        i.type || ' - ' || i.stage as detail, null::bigint as license_id, ${none(ctx)}
      from institutions i
      where i.id in (${found}) and i.deleted_at is null`,
    subtitle: (_ctx, row) => row.detail ?? "",
  },
];

const states = { active: "Active", inactive: "Inactive", not_yet_valid: "Not yet valid", expired: "Expired" };

/** Finds what a text may mean, the best first. */
export async function searchEverything(
  ctx: Context,
  query: { q: string; type: Searchable | null; limit: number },
): Promise<{ hits: Hit[]; total: number }> {
  requireRole(ctx, "viewer");
  const q = query.q.trim();
  if (q === "") return { hits: [], total: 0 };
  const wanted = places.filter(({ type }) => query.type === null || type === query.type);
  const hits = await inTransaction(ctx, async (ctx) => {
    await ctx.db`select set_config('pg_trgm.word_similarity_threshold', ${String(LIKENESS)}, true)`;
    const begins = containsPattern(q).slice(1);
    // Three letters make a trigram; with fewer there is no index to ask for the middle of a word.
    const manners: Manner[] = q.length < 3 ? [{ pattern: begins }] : [{ pattern: containsPattern(q) }];
    const found = (await Promise.all(wanted.map((place) => weigh(ctx, place, q, manners)))).flat();
    // Who wrote all of a name or key made no slip.
    const isSure = found.length >= query.limit || found.some(({ rank }) => rank === 1);
    if (isSure || q.length < 3) return found;
    const near = (await Promise.all(wanted.map((place) => weigh(ctx, place, q, [{ like: q }])))).flat();
    return [
      ...found,
      ...near.filter((hit) => !found.some((known) => known.type === hit.type && known.id === hit.id)),
    ];
  });
  hits.sort((a, b) => b.rank - a.rank || a.title.length - b.title.length || a.id - b.id);
  return { hits: hits.slice(0, query.limit), total: hits.length };
}

async function weigh(ctx: Context, place: Place, q: string, manners: Manner[]): Promise<Hit[]> {
  const found = manners.map((by) => place.candidates(ctx, by))
    .reduce((all, one) => ctx.db`${all} union ${one}`);
  const rows = await ctx.db<(Found & { rank: number })[]>`
    select found.*,
      greatest(
        case
          when lower(title) = lower(${q}) or lower(also) = lower(${q}) then 1
          when starts_with(lower(title), lower(${q})) then 0.95
          when strpos(lower(title), lower(${q})) > 0 then 0.9
          when strpos(lower(also), lower(${q})) > 0 then 0.85
          else 0
        end,
        0.8 * word_similarity(${q}, title), 0.75 * word_similarity(${q}, coalesce(also, ''))
      )::float8 as rank
    from (${place.rows(ctx, found)}) as found
    order by rank desc
    limit ${MOST}`;
  return rows.map((row) => ({
    type: place.type,
    id: row.id,
    title: row.title,
    subtitle: place.subtitle(ctx, row),
    rank: row.rank,
    licenseId: row.licenseId,
  }));
}
