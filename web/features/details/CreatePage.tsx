// The page with the form that creates an object, and leads to the object's own page afterwards.
import { useNavigate } from "@solidjs/router";
import type { JSX } from "solid-js";
import { createForm, type Form, type FormOptions } from "../../lib/form.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { toast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

/**
 * @param props.title of the page, "New customer"
 * @param props.list the list that the object will be part of
 * @param props.state a sentence below the title
 * @param props.form how the form starts and saves
 * @param props.verb the label of the submit button
 * @param props.cancel where "Cancel" leads; to the list by default
 * @param props.href the URL of the created object's page
 * @param props.message the toast that confirms the creation
 * @param props.children the fields
 */
export function CreatePage<Values extends object, Checked, Result extends { id: number }>(
  props: {
    title: string;
    list: { href: string; title: string };
    state?: string;
    form: Omit<FormOptions<Values, Checked, Result>, "saved">;
    verb: string;
    cancel?: string;
    href(id: number): string;
    message(created: Result): string;
    children: (form: Form<Values>) => JSX.Element;
  },
) {
  const navigate = useNavigate();
  const form = createForm<Values, Checked, Result>({
    ...props.form,
    saved(created) {
      toast(props.message(created));
      navigate(props.href(created.id));
    },
  });
  return (
    <Page title={props.title} back={props.list} state={props.state}>
      <Card class="max-w-3xl">
        <FormLayout
          form={form}
          verb={props.verb}
          disabledReason={missingRoleReason("manager")}
          cancel={props.cancel ?? props.list.href}
        >
          {props.children(form)}
        </FormLayout>
      </Card>
    </Page>
  );
}
