// The card in which administrators add and remove their passkeys.
import { createSignal, Show } from "solid-js";
import { newPasskey } from "../../../server/domain/administrators/inputs.ts";
import { refresh, useApiQuery } from "../../lib/queries.ts";
import { thisDeviceName } from "../../lib/user_agents.ts";
import { createForm } from "../../lib/form.ts";
import { CredentialList } from "./CredentialList.tsx";
import { addPasskey, passkeysUnavailableReason } from "./passkeys.ts";
import { loadMe } from "./session.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { QueryBoundary } from "../../ui/QueryBoundary.tsx";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";

type Passkey = Outputs["account"]["passkeys"][number];

/** @param props.isFirst whether the account has none, and the session may read nothing until it has one */
export function Passkeys(props: { isFirst?: boolean }) {
  const [isAdding, setIsAdding] = createSignal(false);
  const [removing, setRemoving] = createSignal<Passkey | null>(null);
  return (
    <Card
      title="Passkeys"
      hint="Sign in with your fingerprint, face or a security key instead of a password and code."
      actions={
        <Button disabledReason={passkeysUnavailableReason()} onClick={() => setIsAdding(!isAdding())}>
          <AddIcon /> Add passkey
        </Button>
      }
    >
      <div class="flex flex-col gap-4">
        <Show when={isAdding()}>
          <NewPasskeyForm done={() => setIsAdding(false)} />
        </Show>
        <Show when={!props.isFirst} fallback={<p class="text-sm text-muted">No passkeys yet.</p>}>
          <PasskeyList remove={setRemoving} />
        </Show>
      </div>
      <Confirm
        title="Remove passkey"
        name={removing()?.name ?? ""}
        verb="Remove"
        isOpen={removing() !== null}
        close={() => setRemoving(null)}
        run={async () => {
          const { id, name } = removing()!;
          await trpc.account.removePasskey.mutate({ id });
          toast(`Passkey ${name} removed.`);
          refresh("account");
          await loadMe();
        }}
      >
        You can no longer sign in with it. Delete the passkey on the device, too.
      </Confirm>
    </Card>
  );
}

function PasskeyList(props: { remove(passkey: Passkey): void }) {
  const passkeys = useApiQuery("account", "passkeys", () => undefined);
  return (
    <QueryBoundary query={passkeys} lines={1}>
      {(passkeys) => (
        <CredentialList
          credentials={passkeys()}
          empty="No passkeys yet."
          removeVerb="Remove"
          remove={(passkey) => props.remove(passkey)}
        >
          {(passkey) => (
            <>
              <span class="text-muted">
                added <Time at={passkey.createdAt} />
              </span>
              <span class="text-muted">
                {passkey.lastUsedAt ? "used " : "never used"}
                <Show when={passkey.lastUsedAt}>{(at) => <Time at={at()} />}</Show>
              </span>
            </>
          )}
        </CredentialList>
      )}
    </QueryBoundary>
  );
}

function NewPasskeyForm(props: { done(): void }) {
  const form = createForm({
    schema: newPasskey.pick({ name: true }),
    start: { name: thisDeviceName() },
    save: ({ name }: { name: string }) => addPasskey(name),
    async saved({ name }: Passkey) {
      toast(`Passkey ${name} added.`);
      refresh("account");
      props.done();
      await loadMe();
    },
  });
  return (
    <FormLayout form={form} verb="Add">
      <TextField
        form={form}
        name="name"
        label="Passkey name"
        hint="Next, your browser asks for your fingerprint, face or security key."
        autofocus
      />
    </FormLayout>
  );
}
