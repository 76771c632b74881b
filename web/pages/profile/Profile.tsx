// The administrator's own account: password, second factors, sessions and tokens.
import { Show } from "solid-js";
import { formatCount, formatWord } from "../../lib/format.ts";
import { me } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { DetailList } from "../../ui/DetailList.tsx";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";
import { Appearance } from "./Appearance.tsx";
import { Passkeys } from "../../features/account/Passkeys.tsx";
import { NotificationSettings } from "./NotificationSettings.tsx";
import { Password } from "./Password.tsx";
import { SecondFactor } from "../../features/account/SecondFactor.tsx";
import { Sessions } from "./Sessions.tsx";
import { TimeSettings } from "./TimeSettings.tsx";
import { Tokens } from "./Tokens.tsx";

const roles = {
  viewer: "Viewer: read-only access to licensing data",
  manager: "Manager: can change licensing data",
  owner: "Owner: full access",
};

export function Profile() {
  const factors = () =>
    [me()?.hasTotp && "an authenticator app", me()?.passkeys && formatCount(me()!.passkeys, "passkey")]
      .filter(Boolean).join(" and ");
  return (
    <Show when={me()}>
      {(person) => (
        <Page
          title="Your account"
          state={!person().hasPassword
            ? "You sign in with your company's identity provider."
            : factors()
            ? `Two-factor authentication is on: ${factors()}.`
            : "Two-factor authentication is off."}
        >
          <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
            <div class="flex min-w-0 flex-col gap-4">
              <Card title="Details">
                <DetailList
                  items={[
                    ["Name", person().name],
                    ["Email", person().email],
                    ["Role", <span title={roles[person().role]}>{formatWord(person().role)}</span>],
                    ["Created", <Time at={person().createdAt} />],
                  ]}
                />
                <p class="mt-3 text-xs text-muted">
                  {roles[person().role]}. Owners can change names and roles on the Team page.
                </p>
              </Card>
              <Show when={person().hasPassword}>
                <Password />
              </Show>
              <Appearance />
              <TimeSettings />
              <NotificationSettings />
            </div>
            <div class="flex min-w-0 flex-col gap-4">
              <SecondFactor />
              <Passkeys />
              <Sessions />
              <Tokens />
            </div>
          </div>
        </Page>
      )}
    </Show>
  );
}
