// The result of an import.
import { Show } from "solid-js";
import { addresses } from "../../../lib/addresses.ts";
import { formatCount } from "../../../lib/format.ts";
import type { ImportReport } from "./upload.ts";
import { Button, ButtonLink } from "../../../ui/Button.tsx";
import { Card } from "../../../ui/Card.tsx";
import { Empty } from "../../../ui/Empty.tsx";
import { InvalidRows } from "./InvalidRows.tsx";

export function ImportSummary(
  props: {
    report: ImportReport;
    jobId: number | null;
    download(format: "csv" | "xlsx"): Promise<void>;
    again(): void;
  },
) {
  return (
    <>
      <Card>
        <div role="status">
          <Empty
            title={`${formatCount(props.report.imported, "lead is", "leads are")} imported`}
            actions={
              <>
                <ButtonLink variant="primary" href={addresses.leads()}>Show the leads</ButtonLink>
                <Button onClick={() => props.again()}>Import another table</Button>
              </>
            }
          >
            <Show when={props.report.updated > 0}>
              {formatCount(props.report.updated, "of them updated a lead", "of them updated leads")}.{" "}
            </Show>
            <Show when={props.report.skipped > 0}>
              {formatCount(props.report.skipped, "duplicate was", "duplicates were")} skipped.{" "}
            </Show>
            <Show
              when={props.report.failed > 0}
              fallback={props.report.skipped > 0 ? "" : "Every row of the table was taken."}
            >
              {formatCount(props.report.failed, "row was", "rows were")}{" "}
              left out. Correct them and import those lines alone.
            </Show>
          </Empty>
        </div>
      </Card>
      <Show when={props.report.errors.length > 0}>
        <InvalidRows
          report={props.report}
          title="Rows that were left out"
          jobId={props.jobId}
          download={props.download}
        />
      </Show>
    </>
  );
}
