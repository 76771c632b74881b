// The invitations that are still open.
import { createSignal, For, Show } from "solid-js";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { formatWord } from "../../lib/format.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { MailState } from "../../features/mails/MailState.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast, toast } from "../../ui/Toasts.tsx";

type Invitation = Outputs["administrators"]["invitations"][number];

/** What became of the mail with the invitation. */
function InvitationMail(props: { id: number }) {
  const mails = useApiQuery("mails", "list", () => ({ invitationId: props.id }));
  return <Show when={mails.data?.[0]}>{(mail) => <MailState mail={mail()} />}</Show>;
}

export function Invitations() {
  const invitations = useApiQuery("administrators", "invitations", () => undefined);
  const [withdrawing, setWithdrawing] = createSignal<Invitation | null>(null);
  async function sendAgain({ name, email, role }: Invitation): Promise<void> {
    await runWithToast(
      () => trpc.administrators.invite.mutate({ name, email, role }),
      `New link sent to ${email}. The previous link no longer works.`,
    );
    refresh("administrators");
  }
  return (
    <Card title="Pending invitations" hint="Sent by email and not accepted yet.">
      <QueryBoundary query={invitations} lines={1}>
        {(open) => (
          <ul class="-my-2 divide-y divide-line text-sm">
            <For each={open()} fallback={<li class="py-2 text-muted">None pending.</li>}>
              {(invitation) => (
                <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
                  <span class="min-w-0 flex-1 basis-48">
                    <span class="block font-medium break-words">{invitation.name}</span>
                    <span class="block text-xs break-all text-muted">{invitation.email}</span>
                    <InvitationMail id={invitation.id} />
                  </span>
                  <span class="text-muted">{formatWord(invitation.role)}</span>
                  <span class="text-muted">
                    sent <Time at={invitation.createdAt} />
                  </span>
                  <span class="text-muted">
                    expires <Time at={invitation.expiresAt} />
                  </span>
                  <span class="flex flex-wrap gap-1">
                    <Button
                      variant="quiet"
                      about={invitation.email}
                      onClick={() => void sendAgain(invitation)}
                    >
                      Resend
                    </Button>
                    <Button
                      variant="danger"
                      about={invitation.email}
                      onClick={() => setWithdrawing(invitation)}
                    >
                      Revoke
                    </Button>
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </QueryBoundary>
      <Show when={withdrawing()}>
        {(invitation) => (
          <Confirm
            title="Revoke invitation"
            name={invitation().email}
            verb="Revoke"
            isOpen
            close={() => setWithdrawing(null)}
            run={async () => {
              await trpc.administrators.revokeInvitation.mutate({ id: invitation().id });
              toast(`Invitation to ${invitation().email} revoked.`);
              refresh("administrators");
            }}
          >
            The link in the email stops working. You can invite {invitation().name} again.
          </Confirm>
        )}
      </Show>
    </Card>
  );
}
