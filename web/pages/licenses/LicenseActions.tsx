// The actions on a license: frequent ones as buttons, the others in a menu. The dialog that is open is in the URL, so that
// the command palette leads to it.
import { startLabels } from "../../features/licenses/start_labels.ts";
import { Show } from "solid-js";
import { useAddressState } from "../../lib/address_state.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import { BulkDialog } from "../../features/licenses/bulk/BulkDialog.tsx";
import { Button } from "../../ui/Button.tsx";
import { EditIcon, MoreIcon, OffIcon, RestoreIcon } from "../../ui/icons.ts";
import { Menu } from "../../ui/Menu.tsx";
import { AssignUserDialog } from "./AssignUserDialog.tsx";
import { EditTermsDialog } from "./EditTermsDialog.tsx";
import {
  assignTo,
  cancelScheduled,
  deleteLicense,
  type License,
  mailLicense,
  restoreLicense,
  setLicenseEnabled,
} from "./license_actions.ts";

type Open = "extend" | "renew" | "enable" | "disable" | "terms" | "user";

const isBulk = (action: string | undefined): action is "extend" | "renew" | "enable" | "disable" =>
  action === "extend" || action === "renew" || action === "enable" || action === "disable";

export function LicenseActions(props: { license: License }) {
  const [state, setState] = useAddressState({ action: undefined as string | undefined });
  const disabledReason = () => missingRoleReason("manager");
  const endlessReason = () =>
    props.license.validUntil
      ? null
      : props.license.startsWith
      ? `This license ${startLabels[props.license.startsWith]}.`
      : "This license never expires.";
  const open = () => disabledReason() === null ? state.action : undefined;
  const setOpen = (action: Open | undefined) => setState({ action }, { replace: true });
  const close = () => setOpen(undefined);
  const bulkAction = () => {
    const action = open();
    return isBulk(action) ? action : null;
  };
  return (
    <Show
      when={!props.license.deletedAt}
      fallback={
        <Button
          variant="primary"
          disabledReason={disabledReason()}
          onClick={() => void restoreLicense(props.license)}
        >
          <RestoreIcon /> Restore
        </Button>
      }
    >
      <Show
        when={props.license.isActive}
        fallback={
          <Button
            disabledReason={disabledReason()}
            onClick={() => void setLicenseEnabled(props.license, true)}
          >
            Enable
          </Button>
        }
      >
        <Button
          disabledReason={disabledReason()}
          onClick={() => void setLicenseEnabled(props.license, false)}
        >
          <OffIcon /> Disable
        </Button>
      </Show>
      <Button
        disabledReason={disabledReason() ?? endlessReason()}
        onClick={() => setOpen("extend")}
      >
        Extend
      </Button>
      <Button variant="primary" disabledReason={disabledReason()} onClick={() => setOpen("terms")}>
        <EditIcon /> Edit license
      </Button>
      <Menu
        label="More actions"
        items={[
          {
            title: props.license.isActive ? "Disable with a reason or later…" : "Enable later…",
            disabledReason: disabledReason(),
            run: () => setOpen(props.license.isActive ? "disable" : "enable"),
          },
          ...props.license.disableAt || props.license.enableAt
            ? [{
              title: "Cancel the scheduled change",
              disabledReason: disabledReason(),
              run: () => void cancelScheduled(props.license),
            }]
            : [],
          {
            title: "Renew…",
            hint: "By its own duration, as its terms say.",
            disabledReason: disabledReason() ?? endlessReason(),
            run: () => setOpen("renew"),
          },
          {
            title: props.license.userId === null ? "Assign to user…" : "Assign to another user…",
            disabledReason: disabledReason(),
            run: () => setOpen("user"),
          },
          ...props.license.userId === null ? [] : [{
            title: "Unassign user",
            hint: props.license.userEmail ?? undefined,
            disabledReason: disabledReason(),
            run: () =>
              void assignTo(props.license, null, `License unassigned from ${props.license.userEmail}.`),
          }],
          {
            title: "Email license key",
            hint: "To the customer, or the assigned user.",
            disabledReason: disabledReason(),
            run: () => void mailLicense(props.license),
          },
          {
            title: "New license for this customer",
            disabledReason: disabledReason(),
            href: withQuery(addresses.newLicense(), {
              customerId: props.license.customerId,
              productId: props.license.productId,
            }),
          },
          { title: "Certificate", href: addresses.licenseCertificate(props.license.id) },
          {
            title: "Delete",
            disabledReason: disabledReason(),
            isDangerous: true,
            run: () => void deleteLicense(props.license),
          },
        ]}
      >
        <MoreIcon />
      </Menu>
      <BulkDialog
        action={bulkAction()}
        ids={[props.license.id]}
        close={close}
      />
      <EditTermsDialog license={props.license} isOpen={open() === "terms"} close={close} />
      <AssignUserDialog license={props.license} isOpen={open() === "user"} close={close} />
    </Show>
  );
}
