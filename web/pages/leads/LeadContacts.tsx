// The contacts of a lead: added, edited, deleted and restored.
import { createSignal, For, Show } from "solid-js";
import { contact as contactInput, contactChanges } from "../../../server/domain/leads/inputs.ts";
import { refresh, useApiMutation } from "../../lib/queries.ts";
import { EditDialog } from "../../features/details/EditDialog.tsx";
import { missingRoleReason } from "../../features/account/session.ts";
import { trpc } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { AddIcon, DeleteIcon, EditIcon, MailIcon, PhoneIcon } from "../../ui/icons.ts";
import { runWithToast, toast } from "../../ui/Toasts.tsx";
import { ContactFields, emptyContact } from "./ContactFields.tsx";
import type { Lead } from "./lead.ts";

type Contact = Lead["contacts"][number];

export function LeadContacts(props: { lead: Lead }) {
  const [open, setOpen] = createSignal<Contact | "new" | null>(null);
  const disabledReason = () =>
    props.lead.deletedAt ? "Restore the lead first." : missingRoleReason("manager");
  const add = () => (
    <Button
      variant="primary"
      disabledReason={disabledReason()}
      onClick={() => setOpen("new")}
    >
      <AddIcon /> Add contact
    </Button>
  );
  const remove = ({ id, name }: Contact) =>
    runWithToast(
      async () => {
        await trpc.leads.deleteContact.mutate({ id });
        refresh();
        return true;
      },
      `${name} deleted. It can be restored for 30 days.`,
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
          <Empty title="No contacts yet" actions={add()}>
            The first contact’s email becomes the customer’s when the lead is won.
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
                    <a href={`mailto:${contact.email}`} class={linkClass}>
                      <MailIcon class="size-3.5 shrink-0" aria-hidden="true" />
                      <span class="truncate">{contact.email}</span>
                    </a>
                  </Show>
                  <Show when={contact.phone}>
                    <a href={`tel:${contact.phone!.replace(/[^\d+]/g, "")}`} class={linkClass}>
                      <PhoneIcon class="size-3.5 shrink-0" aria-hidden="true" />
                      <span class="truncate">{contact.phone}</span>
                    </a>
                  </Show>
                </div>
                <div class="flex gap-1">
                  <Button
                    variant="quiet"
                    label={`Edit ${contact.name}`}
                    disabledReason={disabledReason()}
                    onClick={() => setOpen(contact)}
                  >
                    <EditIcon />
                  </Button>
                  <Button
                    variant="quiet"
                    label={`Delete ${contact.name}`}
                    disabledReason={disabledReason()}
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
          contact === "new"
            ? <NewContactDialog leadId={props.lead.id} close={() => setOpen(null)} />
            : <ContactDialog lead={props.lead} contact={contact} close={() => setOpen(null)} />
        )}
      </Show>
    </Card>
  );
}

const linkClass =
  "inline-flex w-fit max-w-full items-center gap-1.5 touch:min-h-11 text-accent hover:underline";

function NewContactDialog(props: { leadId: number; close(): void }) {
  const add = useApiMutation("leads", "addContact");
  return (
    <FormDialog
      title="New contact"
      isOpen
      close={props.close}
      form={{
        schema: contactInput,
        start: emptyContact,
        draft: `lead/${props.leadId}/contact/new`,
        save: (checked) => add.run({ ...checked, institutionId: props.leadId }),
        saved: ({ name }) => toast(`${name} added.`),
      }}
      verb="Add contact"
    >
      {(form) => <ContactFields form={form} />}
    </FormDialog>
  );
}

function ContactDialog(props: { lead: Lead; contact: Contact; close(): void }) {
  const { id } = props.contact;
  /** As the lead is refreshed while the dialog is open; the last one known when it was deleted meanwhile. */
  const contact = () => props.lead.contacts.find((contact) => contact.id === id) ?? props.contact;
  return (
    <EditDialog
      title={props.contact.name}
      isOpen
      close={props.close}
      form={{
        kind: "contacts",
        object: contact,
        valuesOf: ({ name, email, phone, position }) => ({
          name,
          email: email ?? "",
          phone: phone ?? "",
          position: position ?? "",
        }),
        schema: contactChanges,
        draft: `lead/${props.lead.id}/contact/${id}`,
      }}
    >
      {(form) => <ContactFields form={form} />}
    </EditDialog>
  );
}
