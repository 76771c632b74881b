// What the global search finds: for each type, the statement that selects candidates by index and the one that reads
// the text to be ranked.
import { maybeHasKey } from "../licenses/key.ts";
import { seesKeys, shownKey } from "../shown_key.ts";
import type { Fragment } from "../../../db/connect.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { stateOn } from "../policy/conditions.ts";
import type { LicenseState } from "../policy/terms.ts";
import type { SearchType } from "./inputs.ts";

/** Candidates that are ranked per type; further matches are ignored. */
export const MAX_CANDIDATES = 200;

/** The text, and how a column is compared: with a `like` pattern, or by trigram similarity of one of its words. */
export type Match = { text: string } & ({ pattern: string } | { similarTo: string });

/** A candidate as read for ranking. */
export interface Candidate {
  id: number;
  title: string;
  /** Further text that is searched but not the title. */
  also: string | null;
  detail: string | null;
  licenseId: number | null;
  /** Null in other types than licenses. */
  state: LicenseState | null;
}

export interface SearchSource {
  type: SearchType;
  /** Selects the ids of up to `MAX_CANDIDATES` matches. */
  candidateIds(ctx: Context, match: Match): Fragment;
  /** Selects the `Candidate`s of those ids. */
  rows(ctx: Context, ids: Fragment): Fragment;
  subtitle(row: Candidate): string;
}

const stateNames = {
  active: "Active",
  inactive: "Inactive",
  not_yet_valid: "Not yet valid",
  expired: "Expired",
};

/** A condition on a column; `<%` compares with the most similar word of the text. */
function matches(ctx: Context, column: Fragment, match: Match): Fragment {
  return "pattern" in match
    ? ctx.db`${column} ilike ${match.pattern}`
    : ctx.db`${match.similarTo} <% ${column}`;
}

const customers: SearchSource = {
  type: "customer",
  candidateIds: (ctx, match) =>
    ctx.db`
      (
        select id
        from customers
        where ${matches(ctx, ctx.db`name`, match)} and deleted_at is null
        limit ${MAX_CANDIDATES}
      )
      union
      (
        select id
        from customers
        where ${matches(ctx, ctx.db`email`, match)} and deleted_at is null
        limit ${MAX_CANDIDATES}
      )`,
  rows: (ctx, ids) =>
    ctx.db`
      select c.id, c.name as title, c.email as also, c.email as detail, null::bigint as license_id,
        null as state
      from customers c
      where c.id in (${ids})`,
  subtitle: (row) => row.detail ?? "",
};

const licenses: SearchSource = {
  type: "license",
  candidateIds: (ctx, match) =>
    ctx.db`
      select id
      from licenses
      where ${seesKeys(ctx) ? matches(ctx, ctx.db`key`, match) : maybeHasKey(ctx, match.text)}
        and deleted_at is null
      limit ${MAX_CANDIDATES}`,
  rows: (ctx, ids) =>
    ctx.db`
      select l.id, ${
      shownKey(ctx, ctx.db`l.key`)
    } as title, null as also, c.name as detail, l.id as license_id,
        ${stateOn(ctx, "l", dayOf(ctx.now))} as state
      from licenses l
      join customers c on c.id = l.customer_id
      where l.id in (${ids})`,
  subtitle: (row) => `${row.detail} - ${stateNames[row.state!]}`,
};

const devices: SearchSource = {
  type: "device",
  candidateIds: (ctx, match) =>
    ctx.db`
      (
        select id
        from activations
        where ${matches(ctx, ctx.db`machine_name`, match)}
        limit ${MAX_CANDIDATES}
      )
      union
      (
        select id
        from activations
        where ${matches(ctx, ctx.db`hardware_id`, match)}
        limit ${MAX_CANDIDATES}
      )`,
  rows: (ctx, ids) =>
    ctx.db`
      select a.id, coalesce(a.machine_name, a.hardware_id) as title, a.hardware_id as also,
        c.name || ' - ' || ${shownKey(ctx, ctx.db`l.key`)} as detail, l.id as license_id, null as state
      from activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      where a.id in (${ids}) and l.deleted_at is null`,
  subtitle: (row) => row.detail ?? "",
};

const leads: SearchSource = {
  type: "lead",
  candidateIds: (ctx, match) =>
    ctx.db`
      (
        select id
        from institutions
        where ${matches(ctx, ctx.db`name`, match)} and deleted_at is null
        limit ${MAX_CANDIDATES}
      )
      union
      (
        select institution_id
        from contacts
        where (${matches(ctx, ctx.db`name`, match)} or ${matches(ctx, ctx.db`email`, match)})
          and deleted_at is null
        limit ${MAX_CANDIDATES}
      )`,
  rows: (ctx, ids) =>
    ctx.db`
      select i.id, i.name as title,
        (
          select string_agg(concat_ws(' ', k.name, k.email), ' ')
          from contacts k
          where k.institution_id = i.id and k.deleted_at is null
        ) as also,
        i.type || ' - ' || i.stage as detail, null::bigint as license_id, null as state
      from institutions i
      where i.id in (${ids}) and i.deleted_at is null`,
  subtitle: (row) => row.detail ?? "",
};

export const searchSources: SearchSource[] = [customers, licenses, devices, leads];
