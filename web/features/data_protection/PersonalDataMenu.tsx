// The menu for requests about personal data of a customer or user: export as a file, and erasure.
import { createSignal } from "solid-js";
import { downloadText } from "../../lib/download.ts";
import { refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { Menu, menuButtonClass } from "../../ui/Menu.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";
import { missingRoleReason } from "../account/session.ts";

const words = {
  customers: {
    one: "customer",
    erased:
      "The name and address of this customer, the user account with the same address, and their contacts in leads.",
    stays: "Licenses have to be disabled or deleted first.",
  },
  users: {
    one: "user",
    erased:
      "The name, address and password of this user, the customer with the same address, and their contacts in leads.",
    stays: "Licenses of a company are kept and unassigned.",
  },
};

export function PersonalDataMenu(
  props: { noun: "customers" | "users"; object: { id: number; name: string } },
) {
  const [isErasing, setIsErasing] = createSignal(false);
  const exportData = () =>
    void runWithToast(async () => {
      const { noun, object } = props;
      const data = await trpc[noun].exportPersonalData.mutate({ id: object.id });
      const name = `personal-data-${words[noun].one}-${object.id}.json`;
      downloadText(name, JSON.stringify(data, null, 2), "application/json");
    }, `Personal data of ${props.object.name} downloaded. The export is recorded in the audit log.`);
  const erase = async () => {
    await trpc[props.noun].erase.mutate({ id: props.object.id, confirmation: props.object.name });
    refresh();
  };
  return (
    <>
      <Menu
        label="Personal data"
        class={menuButtonClass}
        items={[
          {
            title: "Export personal data",
            hint: "All data stored about this person, as JSON.",
            disabledReason: missingRoleReason("owner"),
            run: exportData,
          },
          {
            title: "Erase personal data",
            hint: "This can't be undone.",
            disabledReason: missingRoleReason("owner"),
            run: () => setIsErasing(true),
          },
        ]}
      >
        Personal data
      </Menu>
      <Confirm
        title={`Erase the personal data of this ${words[props.noun].one}?`}
        name={props.object.name}
        verb="Erase personal data"
        isOpen={isErasing()}
        close={() => setIsErasing(false)}
        run={erase}
      >
        <p>{words[props.noun].erased} Their devices are deactivated, and their emails are deleted.</p>
        <p>
          Statistics and the audit log are kept without personal data. {words[props.noun].stays}{" "}
          This can't be undone.
        </p>
      </Confirm>
    </>
  );
}
