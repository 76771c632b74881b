// The activities with a lead, newest first, and a form to record the next.
import { createEffect, For, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { newActivity } from "../../../server/domain/leads/inputs.ts";
import { useApiMutation } from "../../lib/queries.ts";
import { createForm } from "../../lib/form.ts";
import { formatWord } from "../../lib/format.ts";
import { fromLocalTime } from "../../lib/time_format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { Card } from "../../ui/Card.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { ChoiceField, ProseField, TextField } from "../../ui/Field.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { ArrowIcon, MailIcon, MeetingIcon, NoteIcon, PhoneIcon } from "../../ui/icons.ts";
import { Time } from "../../ui/Time.tsx";
import { toast } from "../../ui/Toasts.tsx";
import type { Lead } from "./lead.ts";

const kinds = [["call", "Call"], ["email", "Email"], ["meeting", "Meeting"], ["note", "Note"]] as const;

const icons: Record<string, typeof PhoneIcon> = {
  call: PhoneIcon,
  email: MailIcon,
  meeting: MeetingIcon,
  note: NoteIcon,
  stage: ArrowIcon,
};

export function LeadActivities(props: { lead: Lead }) {
  return (
    <div class="flex flex-col gap-4">
      <Show when={!props.lead.deletedAt}>
        <ActivityForm lead={props.lead} />
      </Show>
      <Card title="Activity" flush>
        <Show
          when={props.lead.activities.length > 0}
          fallback={
            <Empty title="No activity yet">
              Log calls, emails and meetings so that everyone on the team is up to date.
            </Empty>
          }
        >
          <ol class="divide-y divide-line">
            <For each={props.lead.activities}>
              {(activity) => <ActivityItem activity={activity} contacts={props.lead.contacts} />}
            </For>
          </ol>
        </Show>
      </Card>
    </div>
  );
}

function ActivityItem(props: { activity: Lead["activities"][number]; contacts: Lead["contacts"] }) {
  const contact = () => props.contacts.find(({ id }) => id === props.activity.contactId);
  const text = () =>
    props.activity.kind === "stage"
      ? props.activity.text.split(" → ").map(formatWord).join(" → ")
      : props.activity.text;
  return (
    <li class="flex gap-3 px-4 py-3 text-sm">
      <Dynamic
        component={icons[props.activity.kind] ?? NoteIcon}
        class="mt-0.5 size-4 shrink-0 text-muted"
        aria-hidden="true"
      />
      <div class="min-w-0 flex-1">
        <p class="flex flex-wrap items-baseline gap-x-2">
          <span class="font-medium">{formatWord(props.activity.kind)}</span>
          <span class="min-w-0 break-words text-muted">
            {contact() ? `with ${contact()!.name}, logged by ` : "by "}
            {props.activity.author}
          </span>
          <span class="ml-auto text-xs text-muted">
            <Time at={props.activity.happenedAt} />
          </span>
        </p>
        <p class="mt-0.5 break-words whitespace-pre-wrap">{text()}</p>
      </div>
    </li>
  );
}

const blank = { kind: "call", contactId: "", happenedAt: "", text: "" };

function ActivityForm(props: { lead: Lead }) {
  const record = useApiMutation("leads", "recordActivity");
  const form = createForm({
    schema: newActivity,
    start: blank,
    draft: `lead/${props.lead.id}/activity`,
    prepare: ({ kind, contactId, happenedAt, text }) => ({
      institutionId: props.lead.id,
      kind,
      contactId: contactId === "" ? null : Number(contactId),
      happenedAt: fromLocalTime(happenedAt)?.toISOString(),
      text: text.trim(),
    }),
    save: (checked) => record.run(checked),
    saved() {
      toast(`Activity with ${props.lead.name} logged.`);
      form.reset(blank);
    },
  });
  // A contact that was deleted meanwhile cannot be chosen.
  createEffect(() => {
    const { contactId } = form.values;
    if (contactId && !props.lead.contacts.some(({ id }) => String(id) === contactId)) {
      form.set("contactId", "");
    }
  });
  return (
    <Card title="Log activity">
      <FormLayout form={form} verb="Log activity" disabledReason={missingRoleReason("manager")}>
        <div class="grid gap-4 sm:grid-cols-3">
          <ChoiceField form={form} name="kind" label="Type" options={kinds} />
          <ChoiceField
            form={form}
            name="contactId"
            label="Contact"
            options={[
              ["", "No contact"],
              ...props.lead.contacts.map(({ id, name }) => [String(id), name] as const),
            ]}
          />
          <TextField
            form={form}
            name="happenedAt"
            label="Time"
            type="datetime-local"
            hint="Defaults to now."
          />
        </div>
        <ProseField form={form} name="text" label="Notes" rows={3} />
      </FormLayout>
    </Card>
  );
}
