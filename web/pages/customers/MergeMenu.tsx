// Further actions on a customer: merging it into another one. The dialog that is open is in the URL, so that the hint about
// duplicates and the command palette lead to it.
import { missingRoleReason } from "../../features/account/session.ts";
import { useAddressState } from "../../lib/address_state.ts";
import { MoreIcon } from "../../ui/icons.ts";
import { Menu } from "../../ui/Menu.tsx";
import { type Customer, MergeDialog } from "./MergeDialog.tsx";

export function MergeMenu(props: { customer: Customer }) {
  const [state, setState] = useAddressState({
    action: undefined as string | undefined,
    into: undefined as string | undefined,
  });
  const isOpen = () => state.action === "merge" && missingRoleReason("manager") === null;
  return (
    <>
      <Menu
        label="More actions"
        items={[{
          title: "Merge into another customer…",
          hint: "Licenses and history move there.",
          disabledReason: missingRoleReason("manager"),
          run: () => setState({ action: "merge" }, { replace: true }),
        }]}
      >
        <MoreIcon />
      </Menu>
      <MergeDialog
        customer={props.customer}
        isOpen={isOpen()}
        intoId={Number(state.into) || null}
        close={() => setState({ action: undefined, into: undefined }, { replace: true })}
      />
    </>
  );
}
