// External ids: the UUIDs under which a dialect's clients know rows that have a number in this database.
import type { Context } from "../context.ts";

/** A row of `external_ids`. */
export interface ExternalIdRow {
  dialect: string;
  /** What the id names in the dialect, such as "license". */
  kind: string;
  /** The id in the table of that kind. */
  id: number;
  externalId: string;
  createdAt: Date;
}

/** The id of what a dialect knows under an external id; null when it knows none. */
export async function findByExternalId(
  ctx: Pick<Context, "db">,
  { dialect, kind, externalId }: Pick<ExternalIdRow, "dialect" | "kind" | "externalId">,
): Promise<number | null> {
  const [row] = await ctx.db<Pick<ExternalIdRow, "id">[]>`
    select id
    from external_ids
    where dialect = ${dialect} and kind = ${kind} and external_id = ${externalId}`;
  return row?.id ?? null;
}

/** The external id of a row in a dialect: the same for ever, created on first use. */
export async function getExternalId(
  ctx: Pick<Context, "db" | "now">,
  { dialect, kind, id }: Pick<ExternalIdRow, "dialect" | "kind" | "id">,
): Promise<string> {
  const [known] = await ctx.db<Pick<ExternalIdRow, "externalId">[]>`
    select external_id
    from external_ids
    where dialect = ${dialect} and kind = ${kind} and id = ${id}`;
  if (known) return known.externalId;
  // The update changes nothing; it returns the row where another request has inserted it meanwhile.
  const [created] = await ctx.db<Pick<ExternalIdRow, "externalId">[]>`
    insert into external_ids (dialect, kind, id, external_id, created_at)
    values (${dialect}, ${kind}, ${id}, gen_random_uuid()::text, ${ctx.now})
    on conflict on constraint external_ids_pkey do update
    set external_id = external_ids.external_id
    returning external_id`;
  return created.externalId;
}
