// Whether a machine's activation is active, and why not, as a badge.
import { Badge } from "../../ui/Badge.tsx";
import type { Device } from "./device_actions.ts";

const inactive = { lapsed: "Lapsed", replaced: "Replaced" };

export function DeviceState(props: { device: Pick<Device, "isActive" | "deactivationReason"> }) {
  const reason = () => props.device.deactivationReason;
  return (
    <Badge tone={props.device.isActive ? "good" : "off"}>
      {props.device.isActive ? "Active" : reason() ? inactive[reason()!] : "Deactivated"}
    </Badge>
  );
}
