// What can be done with a license: the frequent at hand, the rest in a menu.
import { createSignal, Show } from "solid-js";
import { addresses, withQuery } from "../../addresses.ts";
import { whyNot } from "../../lib/session.ts";
import { Button } from "../../ui/Button.tsx";
import { EditIcon, MoreIcon, OffIcon, RestoreIcon } from "../../ui/icons.ts";
import { Menu } from "../../ui/Menu.tsx";
import { AssignUser } from "./AssignUser.tsx";
import { BulkDialog } from "./BulkDialog.tsx";
import { EditTerms } from "./EditTerms.tsx";
import { assignTo, deleteLicense, type License, restoreLicense, switchLicense } from "./license_acts.ts";

type Open = "extend" | "terms" | "user";

export function LicenseActions(props: { license: License }) {
  const [open, setOpen] = createSignal<Open | null>(null);
  const close = () => setOpen(null);
  const why = () => whyNot("manager");
  return (
    <Show
      when={!props.license.deletedAt}
      fallback={
        <Button look="primary" why={why()} onClick={() => void restoreLicense(props.license)}>
          <RestoreIcon /> Restore
        </Button>
      }
    >
      <Show
        when={props.license.isActive}
        fallback={
          <Button why={why()} onClick={() => void switchLicense(props.license, true)}>Switch on</Button>
        }
      >
        <Button why={why()} onClick={() => void switchLicense(props.license, false)}>
          <OffIcon /> Switch off
        </Button>
      </Show>
      <Button
        why={why() ?? (props.license.validUntil ? null : "It has no end.")}
        onClick={() => setOpen("extend")}
      >
        Extend
      </Button>
      <Button look="primary" why={why()} onClick={() => setOpen("terms")}>
        <EditIcon /> Change terms
      </Button>
      <Menu
        label="More actions"
        items={[
          {
            title: props.license.userId === null ? "Assign to a user …" : "Assign to another user …",
            why: why(),
            run: () => setOpen("user"),
          },
          ...props.license.userId === null ? [] : [{
            title: "Take away from the user",
            hint: props.license.userEmail ?? undefined,
            why: why(),
            run: () =>
              void assignTo(props.license, null, `${props.license.userEmail} has this license no more.`),
          }],
          {
            title: "New license for this customer",
            why: why(),
            href: withQuery(addresses.newLicense(), {
              customerId: props.license.customerId,
              productId: props.license.productId,
            }),
          },
          { title: "Delete", why: why(), isDangerous: true, run: () => void deleteLicense(props.license) },
        ]}
      >
        <MoreIcon />
      </Menu>
      <BulkDialog
        action={open() === "extend" ? "extend" : null}
        ids={[props.license.id]}
        close={close}
      />
      <EditTerms license={props.license} isOpen={open() === "terms"} close={close} />
      <AssignUser license={props.license} isOpen={open() === "user"} close={close} />
    </Show>
  );
}
