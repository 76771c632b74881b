// The card with the rows of a table that cannot be imported.
import { RowErrorDownload, RowErrorTable } from "../../../features/leads/RowErrorTable.tsx";
import { formatNumber } from "../../../lib/format.ts";
import { Card } from "../../../ui/Card.tsx";
import type { ImportReport } from "./upload.ts";

export function InvalidRows(props: { report: ImportReport; title: string }) {
  return (
    <Card
      title={props.title}
      hint={props.report.failed > props.report.errors.length
        ? `The first ${formatNumber(props.report.errors.length)} errors.`
        : "Correct these lines in your table; the others are not affected."}
      flush
      actions={<RowErrorDownload errors={props.report.errors} name="bad rows" />}
    >
      <RowErrorTable errors={props.report.errors} label={props.title} />
    </Card>
  );
}
