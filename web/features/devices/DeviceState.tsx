// Whether a machine's activation is active, as a badge.
import { Badge } from "../../ui/Badge.tsx";

export function DeviceState(props: { isActive: boolean }) {
  return <Badge tone={props.isActive ? "good" : "off"}>{props.isActive ? "Active" : "Deactivated"}</Badge>;
}
