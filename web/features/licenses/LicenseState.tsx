// The state of a license as a badge.
import { Badge, type Tone } from "../../ui/Badge.tsx";

export type State = "active" | "in_grace" | "inactive" | "not_yet_valid" | "expired";

export const licenseStates: Record<State, { tone: Tone; title: string }> = {
  active: { tone: "good", title: "Active" },
  in_grace: { tone: "warn", title: "In grace" },
  inactive: { tone: "off", title: "Disabled" },
  not_yet_valid: { tone: "info", title: "Not yet valid" },
  expired: { tone: "warn", title: "Expired" },
};

export function LicenseState(props: { state: State }) {
  return <Badge tone={licenseStates[props.state].tone}>{licenseStates[props.state].title}</Badge>;
}
