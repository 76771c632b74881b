// The result of an import.
import { Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { ImportTarget } from "./import_target.ts";
import type { ImportReport } from "./upload.ts";
import { Button, ButtonLink } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { InvalidRows } from "./InvalidRows.tsx";

export function ImportSummary(
  props: {
    target: ImportTarget;
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
            title={`${formatCount(props.report.imported, props.target.one)} imported`}
            actions={
              <>
                <ButtonLink variant="primary" href={props.target.list.href}>
                  View {props.target.many}
                </ButtonLink>
                <Show when={props.target.next}>
                  {(next) => <ButtonLink href={next().href}>{next().title}</ButtonLink>}
                </Show>
                <Button onClick={() => props.again()}>Import another file</Button>
              </>
            }
          >
            <Show when={props.report.updated > 0}>
              {formatCount(props.report.updated, `existing ${props.target.one}`)} updated.{" "}
            </Show>
            <Show when={props.report.newCustomers}>
              {(count) => `${formatCount(count(), "customer")} created. `}
            </Show>
            <Show when={props.report.skipped > 0}>
              {formatCount(props.report.skipped, "duplicate")} skipped.{" "}
            </Show>
            <Show
              when={props.report.failed > 0}
              fallback={props.report.skipped > 0 ? "" : "All rows imported."}
            >
              {formatCount(props.report.failed, "row")} skipped. Fix and import only those rows.
            </Show>
          </Empty>
        </div>
      </Card>
      <Show when={props.report.errors.length > 0}>
        <InvalidRows
          report={props.report}
          title="Skipped rows"
          jobId={props.jobId}
          download={props.download}
        />
      </Show>
    </>
  );
}
