// A license file that was just issued: what the app takes, as a QR code.
import { Show } from "solid-js";
import { formatAgo, formatInstant } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { MAX_QR_LENGTH, QrCode } from "../../ui/QrCode.tsx";

export function IssuedFile(
  props: { file: Pick<Outputs["licenseFiles"]["issueFor"], "name" | "text" | "expiresAt"> },
) {
  return (
    <div class="flex flex-col gap-3 text-sm">
      <p role="status">
        {props.file.name} ends {formatAgo(props.file.expiresAt)}, on {formatInstant(props.file.expiresAt)}.
      </p>
      <Show
        when={props.file.text.length <= MAX_QR_LENGTH}
        fallback={
          <p class="text-muted">The file is too long for a QR code. Bring it to the device as a file.</p>
        }
      >
        <QrCode text={props.file.text} label="QR code of the license file" isLong />
      </Show>
    </div>
  );
}
