// The card with the rows of a table that cannot be imported, and their download.
import { For } from "solid-js";
import { InvalidRowsOfJob, RowErrorTable } from "./RowErrorTable.tsx";
import { formatNumber } from "../../lib/format.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { ExportIcon } from "../../ui/icons.ts";
import { runWithToast } from "../../ui/Toasts.tsx";
import type { ImportReport } from "./upload.ts";

const hint = "Download the rows, fix them and import them again. The last column contains the error.";

export function InvalidRows(
  props: {
    report: ImportReport;
    title: string;
    /** The job whose report it is; null when the table is small. */
    jobId: number | null;
    download(format: "csv" | "xlsx"): Promise<void>;
  },
) {
  return (
    <Card
      title={props.title}
      hint={props.report.failed > props.report.errors.length
        ? `${hint} Showing the first ${formatNumber(props.report.errors.length)} errors.`
        : hint}
      flush
      actions={props.jobId !== null
        ? <InvalidRowsOfJob jobId={props.jobId} />
        : (
          <For each={["csv", "xlsx"] as const}>
            {(format) => (
              <Button
                onClick={() => void runWithToast(() => props.download(format), `${props.title} downloaded.`)}
              >
                <ExportIcon /> Download {format.toUpperCase()}
              </Button>
            )}
          </For>
        )}
    >
      <RowErrorTable errors={props.report.errors} label={props.title} />
    </Card>
  );
}
