// Apps without a network: an administrator enters a request, sees what it would do, and gets the license file; or enters a
// removal code.
import { createSignal, Show } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import { IssuedFile } from "../../features/license_files/IssuedFile.tsx";
import { saveFile } from "../../features/license_files/save_file.ts";
import { addresses } from "../../lib/addresses.ts";
import { useApiMutation } from "../../lib/queries.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { ExportIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { RemovalEntry } from "./RemovalEntry.tsx";
import { RequestEntry } from "./RequestEntry.tsx";
import { RequestPreview } from "./RequestPreview.tsx";

type Preview = Outputs["licenseFiles"]["preview"];
type Issued = Outputs["licenseFiles"]["issue"];

export function OfflineActivation() {
  const preview = useApiMutation("licenseFiles", "preview");
  const issue = useApiMutation("licenseFiles", "issue");
  /** What was previewed, with the text that it is of. */
  const [previewed, setPreviewed] = createSignal<{ request: string; preview: Preview } | null>(null);
  const [issued, setIssued] = createSignal<Issued | null>(null);

  // The mutations show why they failed.
  async function read(request: string): Promise<void> {
    setPreviewed(null);
    setIssued(null);
    const found = await preview.run({ request }).catch(() => null);
    setPreviewed(found && { request, preview: found });
  }
  async function issueFile(request: string): Promise<void> {
    const file = await issue.run({ request }).catch(() => null);
    setIssued(file);
    if (file) setPreviewed(null);
  }
  function forget(): void {
    setPreviewed(null);
    setIssued(null);
  }

  return (
    <Page
      title="Offline activation"
      back={{ href: addresses.devices(), title: "Devices" }}
      state="License files for devices without a connection"
    >
      <Card
        title="Request of the app"
        hint="The app shows it as text, as a file or as a QR code."
        class="max-w-3xl"
      >
        <RequestEntry isBusy={preview.isPending} changed={forget} read={(text) => void read(text)} />
        <Show when={preview.error}>{(error) => <Failure error={error()} />}</Show>
      </Card>
      <Show when={previewed()}>
        {(previewed) => (
          <Card title="Preview" class="max-w-3xl">
            <div class="flex flex-col gap-4">
              <RequestPreview preview={previewed().preview} />
              <Show when={issue.error}>{(error) => <Failure error={error()} />}</Show>
              <Show when={!previewed().preview.refusal}>
                <div>
                  <Button
                    variant="primary"
                    isBusy={issue.isPending}
                    disabledReason={missingRoleReason("manager")}
                    onClick={() => void issueFile(previewed().request)}
                  >
                    Issue license file
                  </Button>
                </div>
              </Show>
            </div>
          </Card>
        )}
      </Show>
      <Show when={issued()}>
        {(file) => (
          <Card
            title="License file"
            class="max-w-3xl"
            actions={
              <Button variant="primary" onClick={() => saveFile(file())}>
                <ExportIcon /> Download license file
              </Button>
            }
          >
            <IssuedFile file={file()} />
          </Card>
        )}
      </Show>
      <RemovalEntry />
    </Page>
  );
}
