// What the global search finds: for each type, the statement that selects candidates by index and the one that reads
// the text to be ranked.
import { patternMatches, textContains } from "../activations/rare_parts.ts";
import type { SearchedTexts } from "../activations/search_texts.ts";
import { maybeHasKey } from "../licenses/key.ts";
import { seesKeys, shownKey } from "../shown_key.ts";
import type { Fragment } from "../../../db/connect.ts";
import { dayOf } from "../calendar.ts";
import type { Context } from "../context.ts";
import { leadMatches } from "../leads/list.ts";
import { containsPattern, MIN_CONTAINED, prefixPattern, textMatches } from "../list_conditions.ts";
import { stateOn } from "../policy/conditions.ts";
import type { LicenseState } from "../policy/terms.ts";
import type { SearchType } from "./inputs.ts";

/** Candidates that are ranked per type; further matches are ignored. */
export const MAX_CANDIDATES = 200;

/** What is looked for, and how: columns that contain the text, or ones with a similar word. */
export interface Match {
  text: string;
  isSimilar: boolean;
  /** Where devices are searched; absent where they are not. */
  devices?: SearchedTexts;
}

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
  /** How similar texts are found: by trigrams, or by patterns. */
  findsSimilar: "trigrams" | "near";
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
function matches(ctx: Context, column: Fragment, { text, isSimilar }: Match): Fragment {
  return isSimilar ? ctx.db`${text} <% ${column}` : textMatches(ctx, column, text);
}

const customers: SearchSource = {
  type: "customer",
  findsSimilar: "trigrams",
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
  findsSimilar: "trigrams",
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

/**
 * Patterns that find a machine by its name or fingerprint with one wrong, missing or additional character: two of its three
 * parts are right. Similarity would read the trigrams that all machines have in common, "desktop" or those of hexadecimal
 * numbers, for each of millions of machines.
 */
function nearPatterns(text: string): { pattern: string; pieces: string[] }[] {
  const third = Math.ceil(text.length / 3);
  // Shorter parts have no trigram.
  if (text.length < 2 * MIN_CONTAINED) return [];
  const first = text.slice(0, third);
  const last = text.slice(2 * third);
  return [
    ...[text.slice(0, 2 * third), text.slice(third)].map((part) => ({
      pattern: containsPattern(part),
      pieces: [part],
    })),
    ...(third < MIN_CONTAINED
      ? []
      : [{ pattern: containsPattern(first) + prefixPattern(last), pieces: [first, last] }]),
  ];
}

const devices: SearchSource = {
  type: "device",
  findsSimilar: "near",
  candidateIds(
    ctx,
    { text, isSimilar, devices = { uncopied: [], sample: { machineName: [], hardwareId: [] } } },
  ) {
    const columns: [Fragment, string[]][] = [
      [ctx.db`machine_name`, devices.sample.machineName],
      [ctx.db`hardware_id`, devices.sample.hardwareId],
    ];
    const conditions = columns.flatMap(([column, sample]) =>
      isSimilar
        ? nearPatterns(text).map(({ pattern, pieces }) =>
          patternMatches(ctx, column, pattern, pieces, sample)
        )
        : [textContains(ctx, column, text, sample)]
    );
    // Each condition has its own limit, so that one that many devices match does not displace the others.
    return conditions.reduce<Fragment>(
      (ids, condition) =>
        ctx.db`${ids}
      union (
        select activation_id
        from activation_texts
        where ${condition}
        limit ${MAX_CANDIDATES}
      )
      union (
        select id
        from activations
        where id = any(${devices.uncopied}::bigint[]) and ${condition}
        limit ${MAX_CANDIDATES}
      )`,
      ctx.db`
      select null::bigint`,
    );
  },
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

/** A condition on a column of leads or contacts. */
function matchesLead(ctx: Context, column: Fragment, match: Match): Fragment {
  return match.isSimilar ? matches(ctx, column, match) : leadMatches(ctx, column, match.text);
}

const leads: SearchSource = {
  type: "lead",
  findsSimilar: "trigrams",
  candidateIds: (ctx, match) =>
    ctx.db`
      (
        select id
        from institutions
        where ${matchesLead(ctx, ctx.db`name`, match)} and deleted_at is null
        limit ${MAX_CANDIDATES}
      )
      union
      (
        select institution_id
        from contacts
        where (${matchesLead(ctx, ctx.db`name`, match)} or ${matchesLead(ctx, ctx.db`email`, match)})
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
