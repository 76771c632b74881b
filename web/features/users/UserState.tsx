// Whether a user is disabled, as a badge.
import { Badge } from "../../ui/Badge.tsx";

export function UserState(props: { disabledAt: string | Date | null }) {
  return <Badge tone={props.disabledAt ? "off" : "good"}>{props.disabledAt ? "Disabled" : "Active"}</Badge>;
}
