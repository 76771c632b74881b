// The page of an import from a table: choose the file, map its columns, preview, import.
import { createSignal, Match, Show, Switch } from "solid-js";
import { downloadCsv } from "../../lib/download.ts";
import { formatCount, formatNumber, formatWord } from "../../lib/format.ts";
import { me, missingRoleReason } from "../account/session.ts";
import type { DryReport } from "./upload.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { ExportIcon } from "../../ui/icons.ts";
import { Failure } from "../../ui/Failure.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Page } from "../../ui/Page.tsx";
import type { DuplicateHandling } from "../../../server/domain/imports/inputs.ts";
import { DuplicateRows } from "./DuplicateRows.tsx";
import { InvalidRows } from "./InvalidRows.tsx";
import { TableReading } from "./TableReading.tsx";
import { FileDropZone } from "./FileDropZone.tsx";
import { ImportSummary } from "./ImportSummary.tsx";
import { ColumnMapping } from "./ColumnMapping.tsx";
import { ImportProgress } from "./ImportProgress.tsx";
import type { ImportTarget } from "./import_target.ts";
import { createTableImport } from "./table_import.ts";

export function ImportPage(props: { target: ImportTarget }) {
  const disabledReason = () => missingRoleReason("manager");
  return (
    <Page title={`Import ${props.target.many}`} back={props.target.list}>
      <Show
        when={!disabledReason()}
        fallback={
          <Card>
            <Empty title="Requires the Manager role">
              Your role is {formatWord(me()?.role ?? "none")}. Ask an owner for access.
            </Empty>
          </Card>
        }
      >
        <ImportSteps target={props.target} />
      </Show>
    </Page>
  );
}

function ImportSteps(props: { target: ImportTarget }) {
  const state = createTableImport(props.target);
  const [tooLarge, setTooLarge] = createSignal<string | null>(null);
  const refused = () => tooLarge() ? { code: "", message: tooLarge()!, details: {} } : state.refused();
  const isImporting = () => state.work() === "import" || (state.jobId() !== null && !state.file());
  return (
    <div class="flex min-w-0 flex-col gap-4">
      <Show when={refused()}>{(error) => <Failure error={error()} />}</Show>
      <Switch>
        <Match when={state.result()}>
          {(report) => (
            <ImportSummary
              target={props.target}
              report={report()}
              jobId={state.reportJob()}
              download={state.download}
              again={state.clear}
            />
          )}
        </Match>
        <Match when={isImporting() && !refused()}>
          <Card title="Importing">
            <Show when={state.job()} fallback={<Skeleton lines={2} />}>
              {(job) => <ImportProgress job={job()} label="Importing…" />}
            </Show>
          </Card>
        </Match>
        <Match when={state.file() === null}>
          <FileDropZone
            choose={(file) => {
              setTooLarge(null);
              state.choose(file);
            }}
            refuse={setTooLarge}
          >
            <Show when={props.target.template}>
              {(name) => (
                <p class="text-sm text-muted">
                  <Button onClick={() => void downloadCsv(name(), [[...props.target.headings]])}>
                    <ExportIcon /> Download template
                  </Button>
                </p>
              )}
            </Show>
          </FileDropZone>
        </Match>
        <Match when={state.file()}>
          {(file) => (
            <>
              <Card>
                <div class="flex flex-wrap items-center justify-between gap-2 text-sm">
                  <p class="min-w-0 break-words">
                    <strong class="font-medium">{file().name}</strong>{" "}
                    <span class="text-muted">
                      {formatNumber(Math.max(1, Math.round(file().size / 1024)))} KB
                    </span>
                  </p>
                  <Button onClick={state.clear}>Choose another file</Button>
                </div>
                <Show when={state.checked()}>
                  {(report) => (
                    <TableReading reading={report().table} choices={state.choices()} read={state.readAs} />
                  )}
                </Show>
                <Show when={state.job()}>
                  {(job) => (
                    <div class="mt-3 border-t border-line pt-3">
                      <ImportProgress job={job()} label="Validating…" />
                    </div>
                  )}
                </Show>
              </Card>
              <Show
                when={state.checked()}
                fallback={
                  <Show when={!refused()}>
                    <Skeleton lines={6} />
                  </Show>
                }
              >
                {(report) => (
                  <Checked
                    target={props.target}
                    report={report()}
                    isOld={state.work() !== null}
                    handling={state.choices().duplicates}
                    handleDuplicates={state.handleDuplicates}
                    createsCustomers={state.choices().createCustomers ?? false}
                    createCustomers={state.createCustomers}
                    jobId={state.reportJob()}
                    download={state.download}
                    match={state.match}
                    start={() => void state.start()}
                  />
                )}
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function Checked(
  props: {
    target: ImportTarget;
    report: DryReport;
    isOld: boolean;
    handling: DuplicateHandling;
    handleDuplicates(handling: DuplicateHandling): void;
    createsCustomers: boolean;
    createCustomers(creates: boolean): void;
    jobId: number | null;
    download(format: "csv" | "xlsx"): Promise<void>;
    match(at: number, column: string | null): void;
    start(): void;
  },
) {
  const missing = () =>
    Object.keys(props.target.required).find((heading) =>
      !props.report.columns.some(({ column }) => column === heading)
    );
  const isMapped = () => missing() === undefined;
  const disabledReason = () =>
    props.isOld
      ? "Validating…"
      : !isMapped()
      ? `Map a column to ${missing()} first.`
      : props.report.imported === 0
      ? "No rows to import."
      : null;
  return (
    <>
      <Card
        title="Map columns"
        hint={`Match your columns to ${props.target.one} fields. Changes are validated again.`}
        flush
      >
        <ColumnMapping
          headings={props.target.headings}
          report={props.report}
          isOld={props.isOld}
          match={props.match}
        />
      </Card>
      <Show when={isMapped() && props.report.duplicates.rows.length > 0}>
        <DuplicateRows
          target={props.target}
          duplicates={props.report.duplicates}
          handling={props.handling}
          choose={props.handleDuplicates}
        />
      </Show>
      <Show when={isMapped() && props.target.createsCustomers}>
        <Card>
          <label class="flex items-start gap-2 text-sm">
            <input
              type="checkbox"
              class="mt-1"
              checked={props.createsCustomers}
              onChange={(event) => props.createCustomers(event.currentTarget.checked)}
            />
            <span>
              <span class="font-medium">Create customers that do not exist</span>{" "}
              <span class="text-muted">Customers are found by their email address, without one by name.</span>
            </span>
          </label>
        </Card>
      </Show>
      <Card title="Review">
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="min-w-0 text-sm" role="status">
            <Show
              when={isMapped()}
              fallback={`No column is mapped to ${missing()} yet. ${formatWord(props.target.many)} need ${
                props.target.required[missing()!]
              }.`}
            >
              <strong class="font-semibold text-good">
                {formatNumber(props.report.imported)} of {formatCount(props.report.rows, "row")} ready
              </strong>
              <Show when={props.report.failed > 0} fallback=".">
                {", "}
                <strong class="font-semibold text-bad">{formatCount(props.report.failed, "error")}</strong>.
              </Show>{" "}
              <Show when={props.report.skipped > 0}>
                {formatCount(props.report.skipped, "duplicate")} will be skipped.{" "}
              </Show>
              <Show when={props.report.updated > 0}>
                {formatCount(props.report.updated, `existing ${props.target.one}`)} will be updated.{" "}
              </Show>
              <Show when={props.report.newCustomers}>
                {(count) => `${formatCount(count(), "customer")} will be created. `}
              </Show>
              {props.target.note}
            </Show>
          </p>
          <Button variant="primary" disabledReason={disabledReason()} onClick={() => props.start()}>
            Import {formatCount(props.report.imported, props.target.one)}
          </Button>
        </div>
      </Card>
      <Show when={isMapped() && props.report.errors.length > 0}>
        <InvalidRows
          report={props.report}
          title="Rows with errors"
          jobId={props.jobId}
          download={props.download}
        />
      </Show>
    </>
  );
}
