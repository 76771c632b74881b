// What is done about an anomaly. Each action can be undone.
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { runWithToast } from "../../ui/Toasts.tsx";
import { type AnomalyDetails, anomalyTitle } from "./anomaly_labels.ts";

export function setLicenseEnabled({ licenseId, licenseKey }: AnomalyDetails, isOn: boolean): void {
  const licenseIds = [licenseId!];
  /** Resolves to whether it changed. */
  const set = async (isOn: boolean) => {
    const changed = await (isOn ? trpc.licenses.enable : trpc.licenses.disable).mutate({ licenseIds });
    refresh();
    return changed.length > 0;
  };
  const message = `License ${licenseKey} ${isOn ? "enabled" : "disabled"}.`;
  void runWithToast(() => set(isOn), message, () => set(!isOn));
}

/** Undo resolves it again, with the note that it had. */
export function reopenAnomaly(anomaly: Pick<AnomalyDetails, "id" | "kind" | "facts" | "note">): void {
  const { id, note } = anomaly;
  void runWithToast(
    async () => {
      await trpc.anomalies.reopen.mutate({ id });
      refresh();
      return true;
    },
    `Anomaly reopened: ${anomalyTitle(anomaly)}.`,
    async () => {
      await trpc.anomalies.resolve.mutate({ id, note: note ?? "" });
      refresh();
    },
  );
}
