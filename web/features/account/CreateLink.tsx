// The link to the page that creates an object; disabled for roles that may not.
import type { JSX } from "solid-js";
import { ButtonLink } from "../../ui/Button.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { missingRoleReason } from "./session.ts";

/**
 * @param props.href the page with the form
 * @param props.disabledReason a further reason why it is disabled now
 * @param props.children the label, "New customer"
 */
export function CreateLink(
  props: { href: string; variant?: "plain"; disabledReason?: string | null; children: JSX.Element },
) {
  return (
    <ButtonLink
      href={props.href}
      variant={props.variant ?? "primary"}
      disabledReason={missingRoleReason("manager") ?? props.disabledReason}
    >
      <AddIcon /> {props.children}
    </ButtonLink>
  );
}
