// The actions on a webhook: test, enable or disable, replay, rotate the secret, delete.
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { refresh } from "../../lib/queries.ts";
import { formatInstant } from "../../lib/format.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { DeleteIcon, KeyIcon, MoreIcon, RefreshIcon, WebhooksIcon } from "../../ui/icons.ts";
import { Menu } from "../../ui/Menu.tsx";
import { SecretDialog } from "../../ui/SecretDialog.tsx";
import { runWithToast, toastError } from "../../ui/Toasts.tsx";
import { ReplayDialog } from "./ReplayDialog.tsx";
import { hostOf, titleOf, type Webhook } from "./webhook_labels.ts";

export function WebhookActions(props: { webhook: Webhook }) {
  const navigate = useNavigate();
  const [open, setOpen] = createSignal<"rotate" | "replay" | "delete" | null>(null);
  const [rotated, setRotated] = createSignal<Outputs["webhooks"]["rotateSecret"] | null>(null);
  const [isTesting, setIsTesting] = createSignal(false);
  const id = () => props.webhook.id;
  const disabledReason = () => props.webhook.isActive ? null : "Enable the webhook first.";

  async function test(): Promise<void> {
    setIsTesting(true);
    try {
      const delivery = await trpc.webhooks.test.mutate({ id: id() });
      refresh("webhooks");
      navigate(withQuery(addresses.webhook(id()), { delivery: delivery.id }), { scroll: false });
    } catch (error) {
      toastError(error);
    } finally {
      setIsTesting(false);
    }
  }
  const setEnabled = async (isOn: boolean) => {
    const changed = await trpc.webhooks[isOn ? "enable" : "disable"].mutate({ id: id() });
    refresh();
    return changed;
  };
  const toggle = () => {
    const isOn = !props.webhook.isActive;
    void runWithToast(
      () => setEnabled(isOn),
      isOn
        ? `Webhook ${titleOf(props.webhook)} enabled. Pending deliveries are sent now.`
        : `Webhook ${titleOf(props.webhook)} disabled. New events are not sent; you can resend them later.`,
      () => setEnabled(!isOn),
    );
  };

  return (
    <>
      <Menu
        label="More actions"
        items={[
          {
            title: "Resend events…",
            icon: <RefreshIcon />,
            disabledReason: disabledReason(),
            run: () => setOpen("replay"),
          },
          { title: "Rotate secret…", icon: <KeyIcon />, run: () => setOpen("rotate") },
          {
            title: "Delete…",
            icon: <DeleteIcon />,
            isDangerous: true,
            run: () => setOpen("delete"),
          },
        ]}
      >
        <MoreIcon />
      </Menu>
      <Button onClick={toggle}>{props.webhook.isActive ? "Disable" : "Enable"}</Button>
      <Button
        variant="primary"
        disabledReason={disabledReason()}
        isBusy={isTesting()}
        onClick={() => void test()}
      >
        <WebhooksIcon /> Send test event
      </Button>
      <Show when={open() === "replay"}>
        <ReplayDialog webhook={props.webhook} close={() => setOpen(null)} />
      </Show>
      <Confirm
        title="Rotate signing secret"
        name={hostOf(props.webhook)}
        verb="Rotate secret"
        isOpen={open() === "rotate"}
        close={() => setOpen(null)}
        run={async () => {
          const made = await trpc.webhooks.rotateSecret.mutate({ id: id() });
          setOpen(null);
          setRotated(made);
          refresh();
        }}
      >
        A new secret is created and shown once. For 24 hours, requests are signed with both the new and the
        current secret, so that your endpoint can switch without missing any. An older secret stops working
        immediately.
      </Confirm>
      <Confirm
        title={`Delete ${titleOf(props.webhook)}`}
        name={hostOf(props.webhook)}
        verb="Delete permanently"
        isOpen={open() === "delete"}
        close={() => setOpen(null)}
        run={async () => {
          await trpc.webhooks.delete.mutate({ id: id() });
          navigate(addresses.webhooks());
          refresh();
        }}
      >
        No more events are sent, and pending deliveries and the signing secret are deleted. This can't be
        undone. To pause it, disable it instead.
      </Confirm>
      <Show when={rotated()}>
        {(rotated) => (
          <SecretDialog
            title="New signing secret"
            label="the signing secret"
            secret={rotated().secret}
            close={() => setRotated(null)}
          >
            <p>
              The previous secret also signs until{"  "}
              {formatInstant(rotated().previousUntil)}. Update your endpoint by then.
            </p>
          </SecretDialog>
        )}
      </Show>
    </>
  );
}
