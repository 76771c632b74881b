// The general settings, which take effect at once.
import { For, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount } from "../../lib/format.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Card } from "../../ui/Card.tsx";
import { OwnersOnly } from "../../features/account/OwnersOnly.tsx";
import { Page } from "../../ui/Page.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { Timeline } from "../../features/events/Timeline.tsx";
import { type Setting, settingGroups, type SettingName } from "./setting_labels.ts";
import { MailTemplates } from "./mail_templates/MailTemplates.tsx";
import { IdentityProvider } from "./IdentityProvider.tsx";
import { SettingRow } from "./SettingRow.tsx";

export function Settings() {
  return (
    <OwnersOnly title="Settings">
      <SettingList />
    </OwnersOnly>
  );
}

function SettingList() {
  const settings = useApiQuery("settings", "list", () => undefined);
  const changed = () => settings.data?.filter((setting) => setting.value !== setting.default).length;
  return (
    <Page
      title="Settings"
      state={changed() === undefined
        ? undefined
        : changed() === 0
        ? "All defaults"
        : formatCount(changed()!, "setting modified", "settings modified")}
    >
      <Tabs
        label="Settings"
        tabs={[
          {
            id: "settings",
            title: "Settings",
            content: () => (
              <div class="flex flex-col gap-4">
                <QueryBoundary query={settings} lines={12}>
                  {(settings) => <Groups settings={settings()} />}
                </QueryBoundary>
                <IdentityProvider />
              </div>
            ),
          },
          { id: "templates", title: "Email templates", content: () => <MailTemplates /> },
          { id: "history", title: "History", content: () => <Timeline filter={{ type: "settings." }} /> },
        ]}
      />
    </Page>
  );
}

function Groups(props: { settings: Setting[] }) {
  return (
    <div class="grid items-start gap-4 xl:grid-cols-2">
      <For each={[settingGroups.slice(0, 4), settingGroups.slice(4)]}>
        {(column) => (
          <div class="flex min-w-0 flex-col gap-4">
            <For each={column}>
              {(group) => (
                <Card title={group.title} hint={group.hint} flush>
                  <div class="divide-y divide-line">
                    <For each={group.names}>
                      {(name) => <SettingItem settings={props.settings} name={name} />}
                    </For>
                  </div>
                </Card>
              )}
            </For>
          </div>
        )}
      </For>
    </div>
  );
}

function SettingItem(props: { settings: Setting[]; name: SettingName }) {
  const setting = () => props.settings.find(({ name }) => name === props.name);
  return <Show when={setting()}>{(setting) => <SettingRow setting={setting()} />}</Show>;
}
