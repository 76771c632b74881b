// What the sentences of explanations share.
import { dayOf } from "../calendar.ts";
import type { ExplainedDevice, Remedy } from "./explained.ts";

export function remedy(
  action: Remedy["action"],
  sentence: string,
  changes: Remedy["changes"] = null,
  devices: ExplainedDevice[] = [],
): Remedy {
  return { action, sentence, changes, devices };
}

/** "2030-01-31 10:00 UTC". */
export function timeText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function dayText(at: Date | null): string {
  return at === null ? "now" : dayOf(at);
}

/** "LAPTOP (last seen 2030-01-31)". */
export function deviceText({ machineName, hardwareId, lastHeartbeat }: ExplainedDevice): string {
  return `${machineName ?? hardwareId} (last seen ${dayText(lastHeartbeat)})`;
}
