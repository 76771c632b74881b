// The state of an import: file, column mapping, preview, result. A large table is checked and imported by a job,
// whose id is kept in the URL.
import { createSignal } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { refresh } from "../../lib/queries.ts";
import { followJob, type Job } from "../jobs/follow_job.ts";
import { type ApiError, toApiError } from "../../lib/api_error.ts";
import {
  checkTable,
  downloadInvalidRows,
  type DryReport,
  type ImportAnswer,
  type ImportChoices,
  type ImportReport,
  importTable,
} from "./upload.ts";
import type { ImportTarget } from "./import_target.ts";

/** Choices of a table that was not looked at yet; an object is not added twice unless it is chosen. */
const initial: ImportChoices = { duplicates: "skip", createCustomers: false };

export function createTableImport(target: ImportTarget) {
  const [address, setAddress] = useAddressState({ job: undefined as string | undefined });
  const [file, setFile] = createSignal<File | null>(null);
  const [choices, setChoices] = createSignal(initial);
  const [checked, setChecked] = createSignal<DryReport | null>(null);
  const [result, setResult] = createSignal<ImportReport | null>(null);
  const [refused, setRefused] = createSignal<ApiError | null>(null);
  const [work, setWork] = createSignal<"check" | "import" | null>(null);
  const [checkJob, setCheckJob] = createSignal<number | null>(null);
  const [reportJob, setReportJob] = createSignal<number | null>(null);
  let latest = 0;

  const jobId = () => checkJob() ?? (Number(address.job) || null);
  const job = followJob(jobId, settle);

  /** A finished job: its result is the preview or the final report. */
  function settle(job: Job): void {
    setWork(null);
    setCheckJob(null);
    setReportJob(job.id);
    if (job.state === "done") useReport(job.result as unknown as ImportReport & Partial<DryReport>);
    else if (job.state === "failed") setRefused({ code: "FAILED", message: job.error ?? "", details: {} });
    else setRefused({ code: "CANCELLED", message: "Cancelled. Nothing was saved.", details: {} });
  }

  function useReport(report: ImportReport & Partial<DryReport>): void {
    if (report.columns && report.preview) setChecked(report as DryReport);
    else {
      setResult(report);
      refresh();
    }
  }

  async function run<Report extends ImportReport>(
    kind: "check" | "import",
    send: () => Promise<ImportAnswer<Report>>,
  ): Promise<void> {
    const request = ++latest;
    setWork(kind);
    setRefused(null);
    setCheckJob(null);
    try {
      const answer = await send();
      // Another file or mapping was chosen meanwhile.
      if (request !== latest) return;
      if ("jobId" in answer) {
        if (kind === "check") setCheckJob(answer.jobId);
        else setAddress({ job: String(answer.jobId) }, { replace: true });
        return;
      }
      setWork(null);
      setReportJob(null);
      useReport(answer.report);
    } catch (error) {
      if (request !== latest) return;
      setWork(null);
      setRefused(toApiError(error));
    }
  }

  /** Checks the table with other choices. */
  function check(changed: Partial<ImportChoices>): void {
    setChoices({ ...choices(), ...changed });
    void run("check", () => checkTable(target, file()!, choices()));
  }

  return {
    file,
    choices,
    checked,
    result,
    refused,
    work,
    /** The job that checks or imports, if any. */
    job,
    jobId,
    choose(chosen: File): void {
      setAddress({ job: undefined }, { replace: true });
      setFile(chosen);
      setChecked(null);
      setResult(null);
      check({ ...initial, mapping: undefined, sheet: undefined, encoding: undefined });
    },
    /** Reads another sheet, or the text in another encoding: columns are matched again. */
    readAs(reading: Pick<ImportChoices, "sheet" | "encoding">): void {
      check({ ...reading, mapping: undefined });
    },
    createCustomers: (createCustomers: boolean) => check({ createCustomers }),
    handleDuplicates: (duplicates: ImportChoices["duplicates"]) => check({ duplicates }),
    /** The job whose report it is; null when the table is small. */
    reportJob,
    /** Downloads the invalid rows of a small table. */
    download: (format: "csv" | "xlsx") => downloadInvalidRows(target, file()!, choices(), format),
    /** Maps a column of the table to a field, or to none. A field is mapped once. */
    match(at: number, column: string | null): void {
      const report = checked()!;
      const columns = report.columns.map((found, index) => ({
        ...found,
        column: index === at ? column : found.column === column ? null : found.column,
      }));
      setChecked({ ...report, columns });
      check({ mapping: Object.fromEntries(columns.map(({ name, column }) => [name, column])) });
    },
    start: () => run("import", () => importTable(target, file()!, choices())),
    /** Starts over. */
    clear(): void {
      latest++;
      setAddress({ job: undefined }, { replace: true });
      setFile(null);
      setChecked(null);
      setResult(null);
      setRefused(null);
      setWork(null);
      setCheckJob(null);
    },
  };
}
