// The administrators with their roles and second factors. Owners invite, change roles and disable.
import { createSignal, For, Index, Show } from "solid-js";
import { useApiQuery } from "../../lib/queries.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { hasRole } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Page } from "../../ui/Page.tsx";
import { AdministratorRow } from "./AdministratorRow.tsx";
import { Invitations } from "./Invitations.tsx";
import { InviteDialog } from "./InviteDialog.tsx";

type Administrator = Outputs["administrators"]["list"][number];

export function Administrators() {
  return (
    <Show
      when={hasRole("owner")}
      fallback={
        <Page title="Team">
          <Empty title="Requires the Owner role">
            Ask an owner to invite a member or to change a role.
          </Empty>
        </Page>
      }
    >
      <AdministratorList />
    </Show>
  );
}

function AdministratorList() {
  const administrators = useApiQuery("administrators", "list", () => undefined);
  const [isInviting, setIsInviting] = createSignal(false);
  return (
    <Page
      title="Team"
      state={administrators.data && describe(administrators.data)}
      actions={
        <Button variant="primary" onClick={() => setIsInviting(true)}>
          <AddIcon /> Invite member
        </Button>
      }
    >
      <Card flush>
        <QueryBoundary query={administrators}>
          {(all) => (
            <div class="relative overflow-x-auto">
              <table class="w-full text-sm max-md:block" role="table">
                <thead class="max-md:hidden" role="rowgroup">
                  <tr role="row" class="border-b border-line text-left text-xs text-muted">
                    <For each={["Name", "Role", "2FA", "Last seen", "Status"]}>
                      {(title) => (
                        <th scope="col" role="columnheader" class="h-9 px-4 font-medium whitespace-nowrap">
                          {title}
                        </th>
                      )}
                    </For>
                    <th scope="col" role="columnheader" class="w-12 px-4">
                      <span class="sr-only">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody class="divide-y divide-line max-md:block" role="rowgroup">
                  {/* By index, so that an open menu stays when its row changes. */}
                  <Index each={all()}>
                    {(administrator) => <AdministratorRow administrator={administrator()} />}
                  </Index>
                </tbody>
              </table>
            </div>
          )}
        </QueryBoundary>
      </Card>
      <Invitations />
      <InviteDialog isOpen={isInviting()} close={() => setIsInviting(false)} />
    </Page>
  );
}

/** "4 members · 1 without 2FA". */
function describe(all: Administrator[]): string {
  const open = all.filter(({ disabledAt }) => disabledAt === null);
  const withoutFactor = open.filter(({ hasTotp, passkeys }) => !hasTotp && passkeys === 0).length;
  const disabled = all.length - open.length;
  return [
    formatCount(open.length, "member"),
    withoutFactor > 0 ? `${formatNumber(withoutFactor)} without 2FA` : null,
    disabled > 0 ? `${formatNumber(disabled)} disabled` : null,
  ].filter(Boolean).join(" · ");
}
