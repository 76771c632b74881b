// The list of customers and users whose data was erased. It has ids and no personal data: after a restore of an earlier
// backup they are erased again.
import { z } from "zod";
import type { Context } from "../context.ts";
import { instant } from "../input_fields.ts";

/** An erased customer or user. */
export const erasureSchema = z.object({
  kind: z.enum(["customer", "user"]),
  id: z.int(),
  erasedAt: instant,
});

export type Erasure = z.infer<typeof erasureSchema>;

/** A row of `erasures`. */
export interface ErasureRow {
  kind: "customer" | "user";
  subjectId: number;
  erasedAt: Date;
}

/** All erasures, the oldest first. */
export async function listErasures(ctx: Pick<Context, "db">): Promise<Erasure[]> {
  const rows = await ctx.db<ErasureRow[]>`
    select kind, subject_id, erased_at
    from erasures
    order by erased_at, kind, subject_id`;
  return rows.map(({ kind, subjectId, erasedAt }) => ({
    kind,
    id: subjectId,
    erasedAt: erasedAt.toISOString(),
  }));
}

/** All erasures of a database of any version; null when it has no list. */
export async function findErasures(ctx: Pick<Context, "db">): Promise<Erasure[] | null> {
  const [{ table }] = await ctx.db<{ table: string | null }[]>`
    select to_regclass('public.erasures')::text as "table"`;
  return table === null ? null : await listErasures(ctx);
}

/** Records an erasure; a repeated one keeps its time. */
export async function recordErasure(ctx: Context, { kind, id }: Pick<Erasure, "kind" | "id">): Promise<void> {
  await ctx.db`
    insert into erasures (kind, subject_id, erased_at)
    values (${kind}, ${id}, ${ctx.now})
    on conflict on constraint erasures_pkey do nothing`;
}
