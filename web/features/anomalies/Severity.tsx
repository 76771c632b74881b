// The severity of an anomaly as a badge.
import { Badge } from "../../ui/Badge.tsx";
import type { Anomaly } from "./anomaly_labels.ts";

export const severities = [["critical", "Critical"], ["warning", "Warning"]] as const satisfies (readonly [
  Anomaly["severity"],
  string,
])[];

export function Severity(props: { severity: Anomaly["severity"] }) {
  return (
    <Badge tone={props.severity === "critical" ? "bad" : "warn"}>
      {severities.find(([severity]) => severity === props.severity)![1]}
    </Badge>
  );
}
