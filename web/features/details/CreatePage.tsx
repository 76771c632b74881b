// The page with the form that creates an object.
import type { JSX } from "solid-js";
import type { Form } from "../../lib/form.ts";
import { Card } from "../../ui/Card.tsx";
import { FormLayout } from "../../ui/FormLayout.tsx";
import { Page } from "../../ui/Page.tsx";
import { missingRoleReason } from "../account/session.ts";

/**
 * @param props.title of the page, "New customer"
 * @param props.list the list that the object will be part of
 * @param props.state a sentence below the title
 * @param props.verb the label of the submit button
 * @param props.cancel where "Cancel" leads; to the list by default
 * @param props.children the fields
 */
export function CreatePage<Values extends object>(
  props: {
    title: string;
    list: { href: string; title: string };
    state?: string;
    form: Form<Values>;
    verb: string;
    cancel?: string;
    children: JSX.Element;
  },
) {
  return (
    <Page title={props.title} back={props.list} state={props.state}>
      <Card class="max-w-3xl">
        <FormLayout
          form={props.form}
          verb={props.verb}
          disabledReason={missingRoleReason("manager")}
          cancel={props.cancel ?? props.list.href}
        >
          {props.children}
        </FormLayout>
      </Card>
    </Page>
  );
}
