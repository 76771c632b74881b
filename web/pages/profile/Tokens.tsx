// The administrator's access tokens, with which scripts call the administration API.
import { createMemo, createSignal, Show } from "solid-js";
import { newToken } from "../../../server/domain/administrators/inputs.ts";
import { CredentialList } from "../../features/account/CredentialList.tsx";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Code, CodeBlock } from "../../ui/Code.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ChoiceField, TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";

type Token = Outputs["account"]["sessions"][number];

export function Tokens() {
  const sessions = useApiQuery("account", "sessions", () => undefined);
  const tokens = createMemo(() => sessions.data?.filter(({ kind }) => kind === "token") ?? []);
  const [isCreating, setIsCreating] = createSignal(false);
  const [ending, setEnding] = createSignal<Token | null>(null);
  return (
    <Card
      title="Access tokens"
      hint="For scripts. A token has your role."
      actions={
        <Button onClick={() => setIsCreating(true)}>
          <AddIcon /> New token
        </Button>
      }
    >
      <QueryBoundary query={sessions} lines={1}>
        {() => (
          <CredentialList
            credentials={tokens()}
            empty="No tokens yet."
            removeVerb="Revoke"
            remove={(token) => setEnding(token)}
          >
            {(token) => (
              <>
                <span class="text-muted">
                  last used <Time at={token.lastSeenAt} />
                </span>
                <span class="text-muted">
                  expires <Time at={token.expiresAt} />
                </span>
              </>
            )}
          </CredentialList>
        )}
      </QueryBoundary>
      <NewTokenDialog isOpen={isCreating()} close={() => setIsCreating(false)} />
      <Confirm
        title="Revoke token"
        name={ending()?.name ?? ""}
        verb="Revoke token"
        isOpen={ending() !== null}
        close={() => setEnding(null)}
        run={async () => {
          const { id, name } = ending()!;
          await trpc.account.endSession.mutate({ id });
          toast(`Access token ${name} revoked.`);
          refresh("account");
        }}
      >
        Scripts that use it are rejected immediately.
      </Confirm>
    </Card>
  );
}

function NewTokenDialog(props: { isOpen: boolean; close(): void }) {
  const [created, setCreated] = createSignal<string | null>(null);
  const close = () => {
    setCreated(null);
    props.close();
  };
  return (
    <Dialog
      title={created() ? "Copy this token now" : "New access token"}
      hint={created() ? "You won't see it again." : undefined}
      isOpen={props.isOpen}
      stays={created() !== null}
      close={close}
    >
      <Show when={created()} fallback={<NewTokenForm created={setCreated} />}>
        {(token) => (
          <div class="flex flex-col gap-4">
            <Code text={token()} label="the token" />
            <CodeBlock
              label="an example"
              text={`curl '${location.origin}/api/admin/licenses?limit=5' \\\n  -H 'Authorization: Bearer ${token()}'`}
            />
            <div class="flex justify-end">
              <Button variant="primary" onClick={close}>Done</Button>
            </div>
          </div>
        )}
      </Show>
    </Dialog>
  );
}

function NewTokenForm(props: { created(token: string): void }) {
  const form = createForm({
    schema: newToken,
    start: { name: "", days: "90" },
    prepare: ({ name, days }) => ({ name, days: Number(days) }),
    save: (checked) => trpc.account.createToken.mutate(checked),
    saved({ token }) {
      props.created(token);
      refresh("account");
    },
  });
  return (
    <FormLayout form={form} verb="Create token">
      <TextField form={form} name="name" label="Name" placeholder="Nightly export" autofocus />
      <ChoiceField
        form={form}
        name="days"
        label="Expires after"
        options={[["7", "7 days"], ["30", "30 days"], ["90", "90 days"], ["366", "1 year"]]}
      />
    </FormLayout>
  );
}
