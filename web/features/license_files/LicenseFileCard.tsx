// The license file of a device, and a new one to download: what the device uses its license by without a connection.
import { createSignal, Show } from "solid-js";
import { useApiMutation, useApiQuery } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { type Detail, DetailList } from "../../ui/DetailList.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { ExportIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { missingRoleReason } from "../account/session.ts";
import { IssuedFile } from "./IssuedFile.tsx";
import { saveFile } from "./save_file.ts";

type LicenseFile = NonNullable<Outputs["licenseFiles"]["ofActivation"]>;
type Device = Pick<Outputs["devices"]["get"], "id" | "licenseId" | "isActive">;

export function LicenseFileCard(props: { device: Device }) {
  const file = useApiQuery("licenseFiles", "ofActivation", () => ({ activationId: props.device.id }));
  const license = useApiQuery("licenses", "get", () => ({ id: props.device.licenseId }));
  return (
    <Show when={file.data !== undefined && license.data}>
      {(license) => (
        <Card title="License file">
          <div class="flex flex-col gap-4 text-sm">
            <Show
              when={file.data}
              fallback={<p class="text-muted">No license file was issued for this device.</p>}
            >
              {(file) => <DetailList items={detailsOf(file())} />}
            </Show>
            <Show
              when={license().offlineDays > 0}
              fallback={
                <p>
                  This license does not allow use without a connection. Set “Days without a connection” in its
                  terms to download license files.
                </p>
              }
            >
              <NewFile device={props.device} />
            </Show>
          </div>
        </Card>
      )}
    </Show>
  );
}

function detailsOf(file: LicenseFile): Detail[] {
  const hasEnded = new Date(file.expiresAt) <= new Date();
  return [
    ["Number", String(file.seq)],
    ["Issued", <Time at={file.issuedAt} />],
    [hasEnded ? "Ended" : "Ends", <Time at={file.expiresAt} />],
    ...(file.isBorrowed && !hasEnded
      ? [["Borrowed", "The activation is kept until the file ends"] satisfies Detail]
      : []),
    ...(file.returnedAt ? [["Given back", <Time at={file.returnedAt} />] satisfies Detail] : []),
    ...(file.clonedAt ? [["Copy seen", <Time at={file.clonedAt} />] satisfies Detail] : []),
  ];
}

function NewFile(props: { device: Device }) {
  const issue = useApiMutation("licenseFiles", "issueFor");
  const [isEncrypted, setIsEncrypted] = createSignal(false);
  const [issued, setIssued] = createSignal<Outputs["licenseFiles"]["issueFor"] | null>(null);
  async function download(): Promise<void> {
    const input = { activationId: props.device.id, encrypt: isEncrypted() };
    // The mutation shows why it failed.
    const file = await issue.run(input).catch(() => null);
    setIssued(file);
    if (file) saveFile(file);
  }
  return (
    <>
      <label class="flex items-start gap-2">
        <input
          type="checkbox"
          class="mt-0.5 size-4 accent-(--accent)"
          checked={isEncrypted()}
          onChange={(event) => setIsEncrypted(event.currentTarget.checked)}
        />
        <span>
          Encrypted
          <span class="block text-xs text-muted">Can be read on this device only, with its license key.</span>
        </span>
      </label>
      <div>
        <Button
          isBusy={issue.isPending}
          disabledReason={props.device.isActive
            ? missingRoleReason("manager")
            : "Reactivate the device first."}
          onClick={() => void download()}
        >
          <ExportIcon /> Download license file
        </Button>
      </div>
      <Show when={issue.error}>{(error) => <Failure error={error()} />}</Show>
      <Show when={issued()}>{(file) => <IssuedFile file={file()} />}</Show>
    </>
  );
}
