// Importing leads from a table. Every row is checked; the good ones are saved in one transaction, the bad ones reported
// by line and field. Rows go a thousand a statement, so that a hundred thousand take seconds and no memory.
import { z } from "zod";
import { type Context, inTransaction, requireRole } from "../context.ts";
import { eventsFrom } from "../events.ts";
import { contact, newLead } from "../inputs/leads.ts";
import { type JobRow, readFile } from "../jobs/job.ts";
import { finishJob, noteProgress } from "../jobs/lease.ts";
import { refuse } from "../refusals.ts";
import { headingOf, readSheet, type SheetLine } from "../sheets/read.ts";
import type { Columns } from "../sheets/write.ts";
import type { ListedLead } from "./lead.ts";
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

/** The columns of a table of leads, for going out and coming in. */
export const leadColumns: Columns<ListedLead> = {
  "Name": (lead) => lead.name,
  "Type": (lead) => lead.type,
  "Stage": (lead) => lead.stage,
  "Website": (lead) => lead.website,
  "City": (lead) => lead.city,
  "Country": (lead) => lead.country,
  "Notes": (lead) => lead.notes,
  "Contact name": (lead) => lead.contactName,
  "Contact email": (lead) => lead.contactEmail,
  "Contact phone": (lead) => lead.contactPhone,
  "Contact position": (lead) => lead.contactPosition,
};

const BATCH = 1000;
const ERRORS = 1000;
const MOST_ROWS = 500_000;

const row = newLead.omit({ contact: true }).extend({
  contactName: contact.shape.name.optional(),
  contactEmail: contact.shape.email,
  contactPhone: contact.shape.phone,
  contactPosition: contact.shape.position,
});
type Row = z.infer<typeof row>;

/** What a field is called in the table. */
const columnOf = new Map(Object.keys(leadColumns).map((heading) => [headingOf(heading), heading]));
const fieldOf = new Map(Object.keys(row.shape).map((name) => [headingOf(name), name]));

/** Checks and saves the table that came with a job. */
export async function importLeadsOf(ctx: Context, job: JobRow, clock: () => Date): Promise<ImportReport> {
  return await importLeads(ctx, readSheet(readFile(ctx, job.id)), {
    dryRun: job.input.dryRun === true,
    // In the transaction of the rows: a worker that dies has done all of it or nothing.
    settle: (ctx, report) => finishJob(ctx, job.id, { ...report }, clock()),
    progress: (done) => noteProgress(ctx, job.id, { done, now: clock() }),
  });
}

/**
 * Checks and saves leads.
 *
 * @param options.progress told now and then how many rows were seen
 * @throws Refusal `INVALID_REQUEST` when the table has no column "Name"
 */
export async function importLeads(
  ctx: Context,
  rows: AsyncIterable<SheetLine>,
  options: {
    dryRun: boolean;
    progress?: (done: number) => Promise<void>;
    settle?: (ctx: Context, report: ImportReport) => Promise<void>;
  },
): Promise<ImportReport> {
  requireRole(ctx, "manager");
  const report: ImportReport = { rows: 0, imported: 0, failed: 0, errors: [], dryRun: options.dryRun };
  const read = async (save: (batch: Row[]) => Promise<void>) => {
    let batch: Row[] = [];
    for await (const { line, values } of rows) {
      if (report.rows === 0) requireName(values);
      if (++report.rows > MOST_ROWS) refuse("PAYLOAD_TOO_LARGE", { max_rows: MOST_ROWS });
      const lead = check(report, line, values);
      if (lead) batch.push(lead);
      if (batch.length === BATCH) {
        await save(batch);
        batch = [];
      }
      if (report.rows % BATCH === 0) await options.progress?.(report.rows);
    }
    if (batch.length > 0) await save(batch);
    await options.progress?.(report.rows);
  };
  if (options.dryRun) await read(() => Promise.resolve());
  else {
    await inTransaction(ctx, async (ctx) => {
      await read((batch) => save(ctx, batch));
      await options.settle?.(ctx, report);
    });
  }
  return report;
}

function requireName(values: Record<string, string>): void {
  if ("name" in values) return;
  refuse("INVALID_REQUEST", { field: "file", reason: "no_name_column" }, {
    message: `The table needs a column "Name". Known columns: ${Object.keys(leadColumns).join(", ")}.`,
  });
}

/** The lead of a row; null when something is wrong with it, which is then in the report. */
function check(report: ImportReport, line: number, values: Record<string, string>): Row | null {
  const given: Record<string, string> = {};
  for (const [heading, value] of Object.entries(values)) {
    const name = fieldOf.get(headingOf(heading));
    if (name && value !== "") given[name] = value;
  }
  // "Not a spreadsheet's formula" was written in front; it is no part of the value.
  for (const name of Object.keys(given)) given[name] = given[name].replace(/^'(?=[=+\-@])/, "");
  if (given.type) given.type = given.type.toLowerCase();
  if (given.stage) given.stage = given.stage.toLowerCase();
  const parsed = row.safeParse(given);
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
    const name = String(issue.path[0]);
    const field = columnOf.get(headingOf(name)) ?? name;
    report.errors.push({ line, field, message: messageOf(issue, given[name]) });
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
async function save(ctx: Context, leads: Row[]): Promise<void> {
  const column = (name: keyof Row) => leads.map((lead) => lead[name] ?? null) as (string | null)[];
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
          'lead' as subject_kind, id as subject_id, null::bigint as license_id, null::bigint as customer_id,
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
