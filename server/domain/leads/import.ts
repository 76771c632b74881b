// Importing leads from a table. Every row is checked; the good ones are saved in one transaction, the bad ones reported
// by line and field. Rows go a thousand a statement, so that a hundred thousand take seconds and no memory.
import type { z } from "zod";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { eventsFrom } from "../events/record.ts";
import { type JobRow, readFile } from "../jobs/job.ts";
import { finishJob, noteProgress } from "../jobs/lease.ts";
import { refuse } from "../errors.ts";
import { readSheet } from "../sheets/read.ts";
import {
  columnName,
  leadColumns,
  type LeadField,
  type Mapping,
  matchColumns,
  type TableLead,
  tableLead,
} from "./columns.ts";
import { becomeCustomer } from "./manage.ts";

export interface RowError {
  line: number;
  field: string;
  message: string;
}

export interface ImportReport {
  /** Rows in the table. */
  rows: number;
  /** Rows that were saved, or would be. */
  imported: number;
  failed: number;
  /** The first errors, at most a thousand. */
  errors: RowError[];
  dryRun: boolean;
}

/** What a dry run tells besides, for who has to say what the columns are. */
export interface DryReport extends ImportReport {
  /** The headings found, and the column each is taken for; null for none. */
  columns: { heading: string; column: string | null }[];
  /** The first rows as they were read, a value for each of the columns. */
  preview: { line: number; values: string[] }[];
}

export interface ImportOptions {
  dryRun: boolean;
  mapping?: Mapping;
}

const BATCH = 1000;
const ERRORS = 1000;
/** Rows a dry run shows. */
const SHOWN = 10;
const MOST_ROWS = 500_000;

/** Checks and saves the table that came with a job. */
export async function importLeadsOf(ctx: Context, job: JobRow, clock: () => Date): Promise<ImportReport> {
  const { dryRun, mapping } = job.input as unknown as ImportOptions;
  return await importLeads(ctx, readFile(ctx, job.id), {
    dryRun,
    mapping,
    // In the transaction of the rows: a worker that dies has done all of it or nothing.
    settle: (ctx, report) => finishJob(ctx, job.id, { ...report }, clock()),
    progress: (done, total) => noteProgress(ctx, job.id, { done, total, now: clock() }),
  });
}

/**
 * Checks and saves the leads of a table.
 *
 * @param options.progress told now and then how many rows were seen, and at the end how many there are
 * @throws DomainError `INVALID_REQUEST` when it is no table, when no column is taken for "Name", or when the mapping does
 *   not fit the table
 */
export async function importLeads(
  ctx: Context,
  file: AsyncIterable<Uint8Array>,
  options: ImportOptions & {
    progress?: (done: number, total?: number) => Promise<void>;
    settle?: (ctx: Context, report: ImportReport) => Promise<void>;
  },
): Promise<ImportReport | DryReport> {
  requireRole(ctx, "manager");
  const { dryRun, mapping = {} } = options;
  const report: ImportReport = { rows: 0, imported: 0, failed: 0, errors: [], dryRun };
  let headings: string[] = [];
  let fields: (LeadField | null)[] = [];
  const preview: DryReport["preview"] = [];
  const rows = readSheet(file, (found) => {
    headings = found;
    fields = matchColumns(found, mapping);
    if (!fields.includes("name")) noteNameless(report);
  });
  const read = async (save: (batch: TableLead[]) => Promise<void>) => {
    let batch: TableLead[] = [];
    for await (const { line, cells } of rows) {
      if (++report.rows > MOST_ROWS) refuse("PAYLOAD_TOO_LARGE", { maxRows: MOST_ROWS });
      if (preview.length < SHOWN) preview.push({ line, values: cells });
      const lead = check(report, line, cells, fields);
      if (lead) batch.push(lead);
      if (batch.length === BATCH) {
        await save(batch);
        batch = [];
      }
      if (report.rows % BATCH === 0) await options.progress?.(report.rows);
    }
    if (batch.length > 0) await save(batch);
    await options.progress?.(report.rows, report.rows);
  };
  if (dryRun) {
    await read(() => Promise.resolve());
    const columns = headings.map((heading, at) => ({
      heading,
      column: fields[at] === null ? null : columnName(fields[at]),
    }));
    return { ...report, columns, preview };
  }
  await inTransaction(ctx, async (ctx) => {
    await read((batch) => save(ctx, batch));
    await options.settle?.(ctx, report);
  });
  return report;
}

/** Without a name there is no lead. A dry run says so and goes on, to show which columns could be the one. */
function noteNameless(report: ImportReport): void {
  const known = Object.keys(leadColumns);
  if (!report.dryRun) refuse("INVALID_REQUEST", { field: "file", reason: "no_name_column", known });
  const message = `The table needs a column "Name". Known columns: ${known.join(", ")}.`;
  report.errors.push({ line: 1, field: "Name", message });
}

/** The lead of a row; null when something is wrong with it, which is then in the report. */
function check(
  report: ImportReport,
  line: number,
  cells: string[],
  fields: (LeadField | null)[],
): TableLead | null {
  if (!fields.includes("name")) {
    report.failed++;
    return null;
  }
  const given: Partial<Record<LeadField, string>> = {};
  fields.forEach((field, at) => {
    if (field && cells[at]) given[field] = cells[at];
  });
  // "Not a spreadsheet's formula" was written in front; it is no part of the value.
  for (const [name, value] of Object.entries(given)) {
    given[name as LeadField] = value.replace(/^'(?=[=+\-@])/, "");
  }
  if (given.type) given.type = given.type.toLowerCase();
  if (given.stage) given.stage = given.stage.toLowerCase();
  const parsed = tableLead.safeParse(given);
  const isNameless = (given.contactEmail || given.contactPhone || given.contactPosition) &&
    !given.contactName;
  if (parsed.success && isNameless) parsed.data.contactName = given.contactEmail ?? "Unknown";
  if (parsed.success) {
    report.imported++;
    return parsed.data;
  }
  report.failed++;
  for (const issue of parsed.error.issues) {
    if (report.errors.length >= ERRORS) break;
    const name = issue.path[0] as LeadField;
    report.errors.push({ line, field: columnName(name), message: messageOf(issue, given[name]) });
  }
  return null;
}

function messageOf(issue: z.core.$ZodIssue, value: string | undefined): string {
  if (value === undefined) return "is required";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.join(", ")}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum} characters long`;
  return issue.code === "invalid_union" ? "is not an email address" : issue.message;
}

/** Saves checked leads with their people and events, in one statement. */
async function save(ctx: Context, leads: TableLead[]): Promise<void> {
  const column = (name: LeadField) => leads.map((lead) => lead[name] ?? null) as (string | null)[];
  const won = await ctx.db<{ id: number; name: string }[]>`
    with given as (
      select *
      from unnest(
        ${column("name")}::text[], ${column("type")}::text[], ${column("stage")}::text[],
        ${column("website")}::text[], ${column("city")}::text[], ${column("country")}::text[],
        ${column("notes")}::text[], ${column("contactName")}::text[], ${column("contactEmail")}::text[],
        ${column("contactPhone")}::text[], ${column("contactPosition")}::text[]
      ) with ordinality as given (
        name, type, stage, website, city, country, notes, contact_name, contact_email, contact_phone,
        contact_position, place
      )
    ),
    -- Ids are taken first, so that each person finds the lead it came with.
    numbered as (
      select given.*, nextval(pg_get_serial_sequence('institutions', 'id')) as id
      from given
      order by place
    ),
    saved as (
      insert into institutions (
        id, name, type, stage, website, city, country, notes, created_at, updated_at
      ) overriding system value
      select
        id, name, coalesce(type, 'company'), coalesce(stage, 'new'), website, city, country, coalesce(notes, ''),
        ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
      from numbered
      returning *
    ),
    people as (
      insert into contacts (institution_id, name, email, phone, position, created_at, updated_at)
      select
        id, contact_name, contact_email, contact_phone, contact_position, ${ctx.now}::timestamptz,
        ${ctx.now}::timestamptz
      from numbered
      where contact_name is not null
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "lead.imported",
      ctx.db`
        select
          id as subject_id, null::bigint as license_id, null::bigint as customer_id,
          null::bigint as activation_id, null::jsonb as before,
          jsonb_build_object('name', name, 'type', type, 'stage', stage) as after
        from saved`,
    )
  })
    select id, name
    from numbered
    where stage = 'won'`;
  for (const lead of won) await becomeCustomer(ctx, lead);
}
