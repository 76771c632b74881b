// The licenses of a user, with assigning and unassigning.
import { createSignal } from "solid-js";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon, CloseIcon } from "../../ui/icons.ts";
import { type License, LicenseList } from "../../features/licenses/LicenseList.tsx";
import type { Column } from "../../ui/list/list.ts";
import { AssignLicenseDialog, unassignLicense } from "./AssignLicenseDialog.tsx";

const taking: Column<License> = {
  id: "actions",
  title: "Actions",
  width: 56,
  isActions: true,
  cell: (license) => (
    <Button
      variant="quiet"
      label={`Unassign ${license.key}`}
      disabledReason={missingRoleReason("manager")}
      onClick={() => void unassignLicense(license)}
    >
      <CloseIcon />
    </Button>
  ),
};

export function UserLicenses(props: { user: Outputs["users"]["get"] }) {
  const [isAssigning, setIsAssigning] = createSignal(false);
  const assign = () => (
    <Button
      disabledReason={missingRoleReason("manager")}
      onClick={() => setIsAssigning(true)}
    >
      <AddIcon /> Assign license
    </Button>
  );
  return (
    <div class="flex min-w-0 flex-col gap-3">
      {props.user.licenses > 0 && <div class="flex justify-end">{assign()}</div>}
      <LicenseList
        owner={{ userId: props.user.id }}
        more={[taking]}
        empty={
          <Empty title="No licenses yet" actions={assign()}>
            Without a license, a trial starts at the first sign-in with a device, if trials are enabled.
          </Empty>
        }
      />
      <AssignLicenseDialog
        userId={props.user.id}
        name={props.user.name}
        isOpen={isAssigning()}
        close={() => setIsAssigning(false)}
      />
    </div>
  );
}
