// The rows of an imported table that could not be saved.
import type { Context } from "../context.ts";
import { requireRole } from "../authorization.ts";

/** A row of `job_invalid_rows`. */
export interface JobInvalidRow {
  jobId: number;
  /** The position among the invalid rows of the job. */
  number: number;
  line: number;
  cells: string[];
  errors: { field: string; message: string }[];
}

/** Saves invalid rows; `first` is the number of the first. A job that is run again overwrites them. */
export async function saveInvalidRows(
  ctx: Context,
  jobId: number,
  first: number,
  rows: Pick<JobInvalidRow, "line" | "cells" | "errors">[],
): Promise<void> {
  await ctx.db`
    insert into job_invalid_rows (job_id, number, line, cells, errors)
    select ${jobId}, ${first} + position - 1, (row ->> 'line')::integer, row -> 'cells', row -> 'errors'
    from jsonb_array_elements(${ctx.db.json(rows)}) with ordinality as rows (row, position)
    on conflict on constraint job_invalid_rows_pkey
    do update set line = excluded.line, cells = excluded.cells, errors = excluded.errors`;
}

/** The invalid rows of a job, in the order of the file; read in parts. */
export async function* listInvalidRows(ctx: Context, jobId: number): AsyncGenerator<JobInvalidRow> {
  requireRole(ctx, "viewer");
  for (let after = -1;;) {
    const rows = await ctx.db<JobInvalidRow[]>`
      select *
      from job_invalid_rows
      where job_id = ${jobId} and number > ${after}
      order by number
      limit 500`;
    yield* rows;
    if (rows.length < 500) return;
    after = rows[rows.length - 1].number;
  }
}
