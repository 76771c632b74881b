// Bringing in a table of leads: choose it, say what its columns are, see what would happen, then import.
import { createSignal, Match, Show, Switch } from "solid-js";
import { addresses } from "../../../addresses.ts";
import { formatCount, formatNumber } from "../../../lib/format.ts";
import { me, whyNot } from "../../../lib/session.ts";
import type { DryReport } from "../../../lib/upload.ts";
import { Button } from "../../../ui/Button.tsx";
import { Card } from "../../../ui/Card.tsx";
import { Empty, Failure, Skeleton } from "../../../ui/Empty.tsx";
import { Page } from "../../../ui/Page.tsx";
import { BadRows } from "./BadRows.tsx";
import { FilePlace } from "./FilePlace.tsx";
import { Imported } from "./Imported.tsx";
import { MatchColumns } from "./MatchColumns.tsx";
import { Progress } from "./Progress.tsx";
import { createImporting } from "./state.ts";

export function ImportLeads() {
  const why = () => whyNot("manager");
  return (
    <Page title="Import leads" back={{ href: addresses.leads(), title: "Leads" }}>
      <Show
        when={!why()}
        fallback={
          <Card>
            <Empty title="Importing needs the role manager">
              Yours is {me()?.role}. Ask an owner, or export the list as it is.
            </Empty>
          </Card>
        }
      >
        <Importing />
      </Show>
    </Page>
  );
}

function Importing() {
  const state = createImporting();
  const [tooLarge, setTooLarge] = createSignal<string | null>(null);
  const refused = () => tooLarge() ? { code: "", message: tooLarge()!, details: {} } : state.refused();
  const isImporting = () => state.work() === "import" || (state.jobId() !== null && !state.file());
  return (
    <div class="flex min-w-0 flex-col gap-4">
      <Show when={refused()}>{(refused) => <Failure refused={refused()} />}</Show>
      <Switch>
        <Match when={state.result()}>
          {(report) => <Imported report={report()} again={state.clear} />}
        </Match>
        <Match when={isImporting() && !refused()}>
          <Card title="Importing">
            <Show when={state.job()} fallback={<Skeleton lines={2} />}>
              {(job) => <Progress job={job()} what="Importing." />}
            </Show>
          </Card>
        </Match>
        <Match when={state.file() === null}>
          <FilePlace
            choose={(file) => {
              setTooLarge(null);
              state.choose(file);
            }}
            refuse={setTooLarge}
          />
        </Match>
        <Match when={state.file()}>
          {(file) => (
            <>
              <Card>
                <div class="flex flex-wrap items-center justify-between gap-2 text-sm">
                  <p class="min-w-0 break-words">
                    <strong class="font-medium">{file().name}</strong>{" "}
                    <span class="text-muted">
                      {formatNumber(Math.max(1, Math.round(file().size / 1024)))} KiB
                    </span>
                  </p>
                  <Button onClick={state.clear}>Choose another table</Button>
                </div>
                <Show when={state.job()}>
                  {(job) => (
                    <div class="mt-3 border-t border-line pt-3">
                      <Progress job={job()} what="Checking." />
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
                    report={report()}
                    isOld={state.work() !== null}
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
    report: DryReport;
    isOld: boolean;
    match(at: number, column: string | null): void;
    start(): void;
  },
) {
  const hasName = () => props.report.columns.some(({ column }) => column === "Name");
  const why = () =>
    props.isOld
      ? "It is being checked."
      : !hasName()
      ? "Say first which column holds the name."
      : props.report.imported === 0
      ? "No row can be imported."
      : null;
  return (
    <>
      <Card
        title="What the columns are"
        hint="Each column of your table is taken for one of ours, or left out. Changing one checks the table again."
        flush
      >
        <MatchColumns report={props.report} isOld={props.isOld} match={props.match} />
      </Card>
      <Card title="What would happen">
        <div class="flex flex-wrap items-center justify-between gap-3">
          <p class="min-w-0 text-sm" role="status">
            <Show
              when={hasName()}
              fallback="No column is taken for Name yet, and a lead without a name cannot be saved."
            >
              Of {formatCount(props.report.rows, "row")},{" "}
              <strong class="font-semibold text-good">
                {formatNumber(props.report.imported)} can be imported
              </strong>
              <Show when={props.report.failed > 0} fallback=".">
                {" and "}
                <strong class="font-semibold text-bad">{formatNumber(props.report.failed)} cannot</strong>.
              </Show>{" "}
              Rows whose stage is won become customers at once.
            </Show>
          </p>
          <Button look="primary" why={why()} onClick={() => props.start()}>
            Import {formatCount(props.report.imported, "lead")}
          </Button>
        </div>
      </Card>
      <Show when={hasName() && props.report.errors.length > 0}>
        <BadRows report={props.report} title="Rows that cannot be imported" />
      </Show>
    </>
  );
}
