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
import { MIN_CONTAINED, textMatches } from "../list_conditions.ts";
import { stateOn } from "../policy/conditions.ts";
import type { Metadata } from "../metadata.ts";
import type { LicenseState } from "../policy/terms.ts";
import type { SearchType } from "./inputs.ts";
import { misspeltPatterns, nearPatterns } from "./near.ts";

/** Candidates that are ranked per type; further matches are ignored. */
export const MAX_CANDIDATES = 200;

/**
 * What is looked for, and how: columns that contain the text, ones that contain two of its three parts, or ones with a similar
 * word.
 */
export interface Match {
  text: string;
  how: "contains" | "near" | "similar";
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
  /** Null in types that have none. */
  metadata: Metadata | null;
  /** Null in other types than licenses. */
  state: LicenseState | null;
}

export interface SearchSource {
  type: SearchType;
  /** Whether similar words are looked for where few texts are near; of millions of texts they cannot be. */
  findsSimilar: boolean;
  /** Selects the ids of up to `MAX_CANDIDATES` matches. */
  candidateIds(ctx: Context, match: Match): Fragment;
  /** Selects the `Candidate`s of those ids. */
  rows(ctx: Context, ids: Fragment): Fragment;
  subtitle(row: Candidate): string;
}

const stateNames = {
  active: "Active",
  in_grace: "In grace",
  inactive: "Inactive",
  not_yet_valid: "Not yet valid",
  expired: "Expired",
};

/** Conditions on a column, of which one has to hold; `<%` compares with the most similar word of the text. */
function matches(ctx: Context, column: Fragment, { text, how }: Match): Fragment[] {
  if (how === "contains") return [textMatches(ctx, column, text)];
  if (how === "similar") return [ctx.db`${text} <% ${column}`];
  return [misspeltPatterns(text), nearPatterns(text).map(({ pattern }) => pattern)].map((patterns) =>
    anyOf(ctx, patterns.map((pattern) => ctx.db`${column} ilike ${pattern}`))
  );
}

function anyOf(ctx: Context, conditions: Fragment[]): Fragment {
  const either = conditions.reduce<Fragment>(
    (any, condition) => ctx.db`${any} or ${condition}`,
    ctx.db`false`,
  );
  return ctx.db`(${either})`;
}

/** The condition that metadata contains the text; none where it is too short for the index, and for similar texts. */
function matchesMetadata(ctx: Context, { text, how }: Match): Fragment[] {
  if (how !== "contains" || text.length < MIN_CONTAINED) return [];
  return [ctx.db`metadata <> '{}' and ${textMatches(ctx, ctx.db`metadata_text(metadata)`, text)}`];
}

/** Up to `MAX_CANDIDATES` ids for each condition: an "or" would leave it to chance which of them the candidates are of. */
function firstOfEach(ctx: Context, table: Fragment, id: Fragment, conditions: Fragment[]): Fragment {
  return conditions.reduce<Fragment>(
    (union, condition) =>
      ctx.db`
        ${union}
        union
        (
          select ${id}
          from ${table}
          where ${condition} and deleted_at is null
          limit ${MAX_CANDIDATES}
        )`,
    ctx.db`
      select null::bigint
      where false`,
  );
}

const customers: SearchSource = {
  type: "customer",
  findsSimilar: true,
  candidateIds: (ctx, match) =>
    firstOfEach(ctx, ctx.db`customers`, ctx.db`id`, [
      ...matches(ctx, ctx.db`name`, match),
      ...matches(ctx, ctx.db`email`, match),
      ...matchesMetadata(ctx, match),
    ]),
  rows: (ctx, ids) =>
    ctx.db`
      select c.id, c.name as title, c.email as also, c.email as detail, null::bigint as license_id, c.metadata,
        null as state
      from customers c
      where c.id in (${ids})`,
  subtitle: (row) => row.detail ?? "",
};

const licenses: SearchSource = {
  type: "license",
  findsSimilar: true,
  candidateIds: (ctx, match) =>
    firstOfEach(
      ctx,
      ctx.db`licenses`,
      ctx.db`id`,
      [
        ...seesKeys(ctx) ? matches(ctx, ctx.db`key`, match) : [maybeHasKey(ctx, match.text)],
        ...matchesMetadata(ctx, match),
      ],
    ),
  rows: (ctx, ids) =>
    ctx.db`
      select l.id, ${
      shownKey(ctx, ctx.db`l.key`)
    } as title, null as also, c.name as detail, l.id as license_id, l.metadata,
        ${stateOn(ctx, "l", dayOf(ctx.now))} as state
      from licenses l
      join customers c on c.id = l.customer_id
      where l.id in (${ids})`,
  subtitle: (row) => `${row.detail} - ${stateNames[row.state!]}`,
};

const devices: SearchSource = {
  type: "device",
  findsSimilar: false,
  candidateIds(
    ctx,
    { text, how, devices = { uncopied: [], sample: { machineName: [], hardwareId: [] } } },
  ) {
    const columns: [Fragment, string[]][] = [
      [ctx.db`machine_name`, devices.sample.machineName],
      [ctx.db`hardware_id`, devices.sample.hardwareId],
    ];
    const areValuesSearched = how === "contains" && text.length >= MIN_CONTAINED;
    const conditions = columns.flatMap(([column, sample]) =>
      how === "near"
        ? nearPatterns(text).map(({ pattern, pieces }) =>
          patternMatches(ctx, column, pattern, pieces, sample)
        )
        : [textContains(ctx, column, text, sample)]
    );
    const metadata = areValuesSearched
      ? ctx.db`
      union (
        select activation_id
        from activation_texts
        where ${textContains(ctx, ctx.db`metadata`, text, [])}
        limit ${MAX_CANDIDATES}
      )
      union (
        select id
        from activations
        where id = any(${devices.uncopied}::bigint[]) and ${
        textMatches(ctx, ctx.db`metadata_text(metadata)`, text)
      }
        limit ${MAX_CANDIDATES}
      )`
      : ctx.db``;
    // Each condition has its own limit, so that one that many devices match does not displace the others.
    const named = conditions.reduce<Fragment>(
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
    return ctx.db`${named} ${metadata}`;
  },
  rows: (ctx, ids) =>
    ctx.db`
      select a.id, coalesce(a.machine_name, a.hardware_id) as title, a.hardware_id as also,
        c.name || ' - ' || ${
      shownKey(ctx, ctx.db`l.key`)
    } as detail, l.id as license_id, a.metadata, null as state
      from activations a
      join licenses l on l.id = a.license_id
      join customers c on c.id = l.customer_id
      where a.id in (${ids}) and l.deleted_at is null`,
  subtitle: (row) => row.detail ?? "",
};

/** Conditions on a column of leads or contacts. */
function matchesLead(ctx: Context, column: Fragment, match: Match): Fragment[] {
  return match.how === "contains" ? [leadMatches(ctx, column, match.text)] : matches(ctx, column, match);
}

const leads: SearchSource = {
  type: "lead",
  findsSimilar: true,
  candidateIds(ctx, match) {
    const [ofName, ofEmail] = ["name", "email"].map((column) =>
      matchesLead(ctx, ctx.db.unsafe(column), match)
    );
    return ctx.db`
      ${firstOfEach(ctx, ctx.db`institutions`, ctx.db`id`, ofName)}
      union
      ${firstOfEach(ctx, ctx.db`contacts`, ctx.db`institution_id`, [...ofName, ...ofEmail])}`;
  },
  rows: (ctx, ids) =>
    ctx.db`
      select i.id, i.name as title,
        (
          select string_agg(concat_ws(' ', k.name, k.email), ' ')
          from contacts k
          where k.institution_id = i.id and k.deleted_at is null
        ) as also,
        i.type || ' - ' || i.stage as detail, null::bigint as license_id, null::jsonb as metadata,
        null as state
      from institutions i
      where i.id in (${ids}) and i.deleted_at is null`,
  subtitle: (row) => row.detail ?? "",
};

export const searchSources: SearchSource[] = [customers, licenses, devices, leads];
