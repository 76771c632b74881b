// The row of one administrator, with the menu to change their role or to disable them.
import { Show } from "solid-js";
import { refresh } from "../../lib/queries.ts";
import { emptyValue, formatCount, formatWord } from "../../lib/format.ts";
import { me, type Role } from "../../features/account/session.ts";
import type { ChangesOf } from "../../lib/edits.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import { editInline } from "../../features/details/inline_edit.ts";
import { Badge } from "../../ui/Badge.tsx";
import { MoreIcon } from "../../ui/icons.ts";
import { cardCell, cardRow } from "../../ui/list/TableRow.tsx";
import { Menu, type MenuItem } from "../../ui/Menu.tsx";
import { Time } from "../../ui/Time.tsx";
import { runWithToast } from "../../ui/Toasts.tsx";

type Administrator = Outputs["administrators"]["list"][number];
type Changes = ChangesOf<"administrators">;

const roles: [Role, string][] = [
  ["viewer", "Read-only access to licensing data"],
  ["manager", "Can change licensing data"],
  ["owner", "Full access"],
];

export function AdministratorRow(props: { administrator: Administrator }) {
  const isMe = () => props.administrator.id === me()?.id;
  const isDisabled = () => props.administrator.disabledAt !== null;
  /** Owners cannot change themselves, so at least one owner remains. */
  const disabledReason = () => isMe() ? "You can’t change your own role or status. Ask another owner." : null;

  function edit(changes: Changes, message: string): Promise<boolean> {
    const { id, revision, name, role } = props.administrator;
    return editInline("administrators", { id, revision, role, isDisabled: isDisabled() }, changes, {
      message,
      fields: {
        role: { label: `Role of ${name}`, text: (role) => formatWord(String(role)) },
        isDisabled: { label: `Disable ${name}` },
      },
    });
  }

  async function unlink(): Promise<void> {
    const { id, name } = props.administrator;
    await runWithToast(
      () => trpc.administrators.unlinkIdentities.mutate({ id }),
      `${name} unlinked from the identity provider and signed out everywhere.`,
    );
    refresh("administrators");
  }

  const items = (): MenuItem[] => {
    const { name, role } = props.administrator;
    return [
      ...(props.administrator.hasIdentity
        ? [{
          title: "Unlink from identity provider",
          hint: "Signs out everywhere; the next sign-in links again",
          run: () => void unlink(),
        }]
        : []),
      ...roles.map(([to, hint]) => ({
        title: formatWord(to),
        hint,
        isChosen: to === role,
        disabledReason: to === role ? null : disabledReason(),
        run: () => {
          if (to !== role) void edit({ role: to }, `${name} is now ${formatWord(to)}.`);
        },
      })),
      isDisabled()
        ? {
          title: "Enable",
          run: () => void edit({ isDisabled: false }, `${name} enabled.`),
        }
        : {
          title: "Disable",
          hint: "Signs out everywhere and blocks sign-in",
          isDangerous: true,
          disabledReason: disabledReason(),
          run: () => void edit({ isDisabled: true }, `${name} disabled and signed out everywhere.`),
        },
    ];
  };

  return (
    <tr role="row" class={`${cardRow} ${isDisabled() ? "text-muted" : ""}`}>
      <th
        scope="row"
        role="rowheader"
        class="min-w-48 text-left font-normal max-md:col-span-2 max-md:pr-10 md:max-w-80 md:px-4 md:py-2"
      >
        <span class="flex flex-wrap items-center gap-2 font-medium break-words">
          {props.administrator.name}
          <Show when={isMe()}>
            <Badge tone="info">You</Badge>
          </Show>
        </span>
        <span class="block text-xs break-all text-muted">{props.administrator.email}</span>
      </th>
      <td role="cell" data-label="Role" class={`${cardCell} md:px-4 md:py-2`}>
        {formatWord(props.administrator.role)}
      </td>
      <td role="cell" data-label="2FA" class={`${cardCell} md:px-4 md:py-2 whitespace-nowrap`}>
        {factorsOf(props.administrator)}
      </td>
      <td role="cell" data-label="Last seen" class={`${cardCell} md:px-4 md:py-2`}>
        <Time at={props.administrator.lastSeenAt} />
      </td>
      <td role="cell" data-label="Status" class={`${cardCell} md:px-4 md:py-2`}>
        <Badge tone={isDisabled() ? "off" : "good"}>{isDisabled() ? "Disabled" : "Active"}</Badge>
      </td>
      <td role="cell" class="text-right max-md:absolute max-md:top-2 max-md:right-2 md:px-4 md:py-2">
        <Menu label={`Actions for ${props.administrator.name}`} items={items()}>
          <MoreIcon />
        </Menu>
      </td>
    </tr>
  );
}

function factorsOf({ hasTotp, passkeys }: Administrator): string {
  return [hasTotp && "App", passkeys > 0 && formatCount(passkeys, "passkey")].filter(Boolean).join(", ") ||
    emptyValue;
}
