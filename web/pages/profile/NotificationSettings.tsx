// Which notifications the administrator gets in the panel and which by email.
import { For, Show } from "solid-js";
import {
  type NotificationKind,
  notificationKinds,
} from "../../../server/domain/events/catalogue/notification_kinds.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Card } from "../../ui/Card.tsx";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

type Setting = Outputs["notifications"]["settings"][number];

function toggle(kind: NotificationKind, channel: "panel" | "email", isOn: boolean): void {
  const set = async (isOn: boolean) => {
    await trpc.notifications.toggle.mutate({ kind, channel, isOn });
    refresh("notifications");
    return true;
  };
  const where = channel === "panel" ? "notifications in the panel" : "emails";
  const message = `${notificationKinds[kind].title}: ${where} turned ${isOn ? "on" : "off"}.`;
  void runWithToast(() => set(isOn), message, () => set(!isOn));
}

export function NotificationSettings() {
  const settings = useApiQuery("notifications", "settings", () => undefined);
  return (
    <div id="notifications" class="scroll-mt-16">
      <Card title="Notifications" hint="Emails about alerts go to owners unless they turn them off.">
        <QueryBoundary query={settings}>
          {(rows) => (
            <ul class="flex flex-col gap-3 text-sm">
              <For each={rows()}>{(setting) => <Kind setting={setting} />}</For>
            </ul>
          )}
        </QueryBoundary>
      </Card>
    </div>
  );
}

function Kind(props: { setting: Setting }) {
  const kind = (): NotificationKind => props.setting.kind;
  const definition = () => notificationKinds[kind()];
  return (
    <li>
      <p class="font-medium">{definition().title}</p>
      <p class="text-xs text-muted">{definition().description}</p>
      <div class="mt-1 flex flex-wrap gap-x-4">
        <Show when={definition().isOptional} fallback={<span class="text-muted">Always in the panel</span>}>
          <Choice
            label="Panel"
            about={definition().title}
            isOn={props.setting.isShown}
            change={(isOn) => toggle(kind(), "panel", isOn)}
          />
        </Show>
        <Show when={definition().isMailed}>
          <Choice
            label="Email"
            about={definition().title}
            isOn={props.setting.isMailed}
            change={(isOn) => toggle(kind(), "email", isOn)}
          />
        </Show>
      </div>
    </li>
  );
}

function Choice(props: { label: string; about: string; isOn: boolean; change(isOn: boolean): void }) {
  return (
    <label class="inline-flex touch:min-h-11 items-center gap-2">
      <input
        type="checkbox"
        class="size-4 touch:size-6 accent-accent"
        checked={props.isOn}
        aria-label={`${props.label}: ${props.about}`}
        onChange={(event) => props.change(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
