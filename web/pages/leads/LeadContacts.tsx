// Whom we know at a lead: added, changed, deleted and taken back.
import { createSignal, For, Show } from "solid-js";
import { contact as contactInput } from "../../../server/domain/leads/inputs.ts";
import { refresh, useChange } from "../../lib/answers.ts";
import { createForm } from "../../lib/form.ts";
import { whyNot } from "../../lib/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FormFrame } from "../../ui/FormFrame.tsx";
import { AddIcon, DeleteIcon, EditIcon, MailIcon, PhoneIcon } from "../../ui/icons.ts";
import { doAndTell, tell } from "../../ui/Toasts.tsx";
import { ContactFields, noContact } from "./ContactFields.tsx";
import type { Lead } from "./lead.ts";

type Contact = Lead["contacts"][number];

export function LeadContacts(props: { lead: Lead }) {
  const [open, setOpen] = createSignal<Contact | "new" | null>(null);
  const why = () => props.lead.deletedAt ? "Restore the lead first." : whyNot("manager");
  const add = () => (
    <Button look="primary" why={why()} onClick={() => setOpen("new")}>
      <AddIcon /> Add contact
    </Button>
  );
  const remove = ({ id, name }: Contact) =>
    doAndTell(
      async () => {
        await trpc.leads.deleteContact.mutate({ id });
        refresh();
      },
      `${name} is deleted. They can be restored for 30 days.`,
      async () => {
        await trpc.leads.restoreContact.mutate({ id });
        refresh();
      },
    );
  return (
    <Card title="Contacts" flush actions={props.lead.contacts.length > 0 ? add() : undefined}>
      <Show
        when={props.lead.contacts.length > 0}
        fallback={
          <Empty title="Nobody is known here yet" actions={add()}>
            Add the person you talk to. The first one’s address becomes the customer’s when the lead is won.
          </Empty>
        }
      >
        <ul class="divide-y divide-line">
          <For each={props.lead.contacts}>
            {(contact) => (
              <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
                <div class="min-w-0 flex-1 basis-48">
                  <p class="font-medium break-words">{contact.name}</p>
                  <Show when={contact.position}>
                    <p class="text-xs break-words text-muted">{contact.position}</p>
                  </Show>
                </div>
                <div class="flex min-w-0 flex-1 basis-56 flex-col">
                  <Show when={contact.email}>
                    <a href={`mailto:${contact.email}`} class={reach}>
                      <MailIcon class="size-3.5 shrink-0" aria-hidden="true" />
                      <span class="truncate">{contact.email}</span>
                    </a>
                  </Show>
                  <Show when={contact.phone}>
                    <a href={`tel:${contact.phone!.replace(/[^\d+]/g, "")}`} class={reach}>
                      <PhoneIcon class="size-3.5 shrink-0" aria-hidden="true" />
                      <span class="truncate">{contact.phone}</span>
                    </a>
                  </Show>
                </div>
                <div class="flex gap-1">
                  <Button
                    look="quiet"
                    label={why() ?? `Edit ${contact.name}`}
                    why={why()}
                    onClick={() => setOpen(contact)}
                  >
                    <EditIcon />
                  </Button>
                  <Button
                    look="quiet"
                    label={why() ?? `Delete ${contact.name}`}
                    why={why()}
                    onClick={() => void remove(contact)}
                  >
                    <DeleteIcon />
                  </Button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={open()} keyed>
        {(contact) => (
          <ContactDialog
            leadId={props.lead.id}
            contact={contact === "new" ? null : contact}
            close={() => setOpen(null)}
          />
        )}
      </Show>
    </Card>
  );
}

const reach = "inline-flex w-fit max-w-full items-center gap-1.5 touch:min-h-11 text-accent hover:underline";

function ContactDialog(props: { leadId: number; contact: Contact | null; close(): void }) {
  const add = useChange("leads", "addContact");
  const edit = useChange("leads", "editContact");
  const { contact } = props;
  const form = createForm({
    schema: contactInput,
    start: contact
      ? {
        name: contact.name,
        email: contact.email ?? "",
        phone: contact.phone ?? "",
        position: contact.position ?? "",
      }
      : noContact,
    draft: `lead/${props.leadId}/contact/${contact?.id ?? "new"}`,
    save: async (checked: typeof contactInput._output) => {
      if (contact) await edit.run({ id: contact.id, changes: checked });
      else await add.run({ ...checked, institutionId: props.leadId });
      return checked.name;
    },
    saved(name: string) {
      tell(contact ? "Saved." : `${name} is added.`);
      props.close();
    },
  });
  return (
    <Dialog title={contact ? contact.name : "New contact"} isOpen close={props.close}>
      <FormFrame form={form} verb={contact ? "Save" : "Add contact"}>
        <ContactFields form={form} />
      </FormFrame>
    </Dialog>
  );
}
