// Importing and exporting tables: `licenses import leads.csv`, `customers export --output customers.xlsx`.
import { basename } from "node:path";
import type { Command } from "commander";
import { type Api, connect, type Json } from "../api.ts";
import { define, type Options, type Result } from "../define.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";
import { optionsOf, valuesOf } from "../field_options.ts";
import { readInput, userPath, writeOutput } from "../files.ts";
import { type NounName, nouns } from "../nouns.ts";
import { cell, progressBar, say, write } from "../terminal.ts";

/** Between two looks at a job; milliseconds. */
const POLL = 500;
/** Errors that are printed; --json and --invalid-rows have all that the server reports. */
const SHOWN_ERRORS = 20;

export function defineTableCommands(group: Command, name: NounName): void {
  const noun = nouns[name];
  if (noun.exports) defineExport(group, name);
  if (noun.imports !== null) defineImport(group, name, noun.imports);
}

function defineExport(group: Command, name: NounName): void {
  const { path, filters } = nouns[name];
  define(group, {
    name: "export [text]",
    summary: "The whole list as a table, with the filters of list",
    example: `${name} export --output ${name}.csv`,
    options: [
      ...optionsOf(filters, () => false),
      { flags: "--format <csv|xlsx>", description: "csv, unless the file's name ends in .xlsx" },
      { flags: "--output <file>", description: "else it is written to standard output" },
    ],
    rights: "remote",
    async run([text], options) {
      const format = options.format ?? (options.output?.endsWith(".xlsx") ? "xlsx" : "csv");
      if (!options.output && (options.json || format === "xlsx" && Deno.stdout.isTerminal())) {
        throw new CommandError(
          "wrongUse",
          "No file is named.",
          `Add --output, or use: latchkey ${name} list --all --json`,
        );
      }
      const api = await connect(options);
      const query = { q: text, format, ...await valuesOf(api, filters, options) };
      const { body } = await api.open("GET", `${path}/export`, { query });
      if (!options.output) {
        for await (const chunk of body!) await write(Deno.stdout, chunk);
        return null;
      }
      const bar = progressBar("Bytes");
      const bytes = await writeOutput(options.output, body!, (bytes) => bar.show(bytes, null));
      bar.end();
      const file = userPath(options.output);
      return { json: { file, bytes, format }, text: `${file}: ${bytes} bytes.` };
    },
  });
}

function defineImport(group: Command, name: NounName, path: string): void {
  define(group, {
    name: "import [file]",
    summary: "Save the rows of a table: CSV, .xlsx, .xls, .xlsb or .ods; ends with 1 when a row has an error",
    example: `${name} import ${name}.csv --dry-run`,
    options: [
      { flags: "--dry-run", description: "only check: nothing is saved" },
      { flags: "--duplicates <what>", description: "skip, update, add or refuse" },
      {
        flags: "--mapping <json>",
        description: 'columns with other headings: {"Firma": "Name", "Fax": null}',
      },
      { flags: "--sheet <name>", description: "of a workbook" },
      { flags: "--encoding <name>", description: "where it is not detected, such as windows-1252" },
      ...(name === "licenses"
        ? [{ flags: "--create-customers", description: "those that do not exist" }]
        : []),
      {
        flags: "--invalid-rows <file>",
        description: "write the rows with errors there, to correct and import them",
      },
    ],
    rights: "remote",
    async run([file], options) {
      const content = await readInput(file, "the table to import");
      const api = await connect(options);
      const call = () => ({ query: queryOf(options), form: formOf(content, file) });
      const first = await api.call("POST", path, call());
      const job: number | null = first.job_id ?? null;
      const report = job === null ? first : await follow(api, job);
      if (options.invalidRows && report.failed > 0) {
        const { body } = job === null
          ? await api.open("POST", `${path}/invalid-rows`, call())
          : await api.open("GET", `/api/admin/jobs/${job}/invalid-rows`, { query: { format: "csv" } });
        await writeOutput(options.invalidRows, body!, () => {});
      }
      return resultOf(report);
    },
  });
}

const queryOf = (options: Options) => ({
  dry_run: options.dryRun ? 1 : undefined,
  create_customers: options.createCustomers ? 1 : undefined,
  duplicates: options.duplicates,
  mapping: options.mapping,
  sheet: options.sheet,
  encoding: options.encoding,
});

function formOf(content: Uint8Array<ArrayBuffer>, file: string | undefined): FormData {
  const form = new FormData();
  form.append("file", new File([content], file === undefined ? "table.csv" : basename(file)));
  return form;
}

/** Waits for a job, with a bar of its progress. */
async function follow(api: Api, id: number): Promise<Json> {
  const bar = progressBar("Rows");
  while (true) {
    const { state, done, total, result, error } = await api.call("GET", `/api/admin/jobs/${id}`);
    if (state === "done") {
      bar.end();
      return result;
    }
    if (state === "failed" || state === "cancelled") {
      bar.end();
      throw new CommandError("refused", error ?? `The job ${id} was cancelled.`, null, { job_id: id, state });
    }
    if (state === "waiting") bar.show(0, total);
    else bar.show(done, total);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

async function resultOf(report: Json): Promise<Result> {
  const { rows, imported, updated, skipped, failed, errors = [], dry_run } = report;
  for (const { line, field, message } of errors.slice(0, SHOWN_ERRORS)) {
    await say(`Line ${line}${field ? `, ${cell(field)}` : ""}: ${cell(message)}`);
  }
  if (errors.length > SHOWN_ERRORS) {
    await say(`… and ${errors.length - SHOWN_ERRORS} errors more; --invalid-rows saves the rows.`);
  }
  return {
    json: report,
    text: `${dry_run ? "A dry run, nothing was saved: " : ""}${rows} rows, ${imported} ${
      dry_run ? "would be saved" : "saved"
    } (${updated} of them updates), ${skipped} left out, ${failed} with errors.`,
    exitCode: failed > 0 ? exitCodes.refused : exitCodes.ok,
  };
}
