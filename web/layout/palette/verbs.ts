// The actions of the palette on an object that is searched for: "disable TEST", "renew TEST", "sign out ada".
import { addresses, withQuery } from "../../lib/addresses.ts";
import { hasRole, type Role } from "../../features/account/session.ts";
import { deactivateDevice } from "../../features/devices/device_actions.ts";
import { formatWord } from "../../lib/format.ts";
import { fetchQuery, refresh } from "../../lib/queries.ts";
import { trpc } from "../../lib/trpc.ts";
import * as icons from "../../ui/icons.ts";
import { runWithToast, toastError } from "../../ui/Toasts.tsx";
import type { Hit, HitType } from "./hits.ts";

/** An action on an object. */
export interface Verb {
  label: string;
  /** What else people call it, and its first word alone. */
  words: string[];
  type: HitType;
  icon: typeof icons.KeyIcon;
  /** The role it requires; managers by default. */
  role?: Role;
  /** The page that it leads to. */
  href?(hit: Hit): string;
  run?(hit: Hit): void;
}

type Switchable = "license" | "user" | "webhook";

const disabling = ["disable", "suspend", "revoke", "block", "deactivate", "turn off"];
const enabling = ["enable", "unsuspend", "reactivate", "activate", "unblock", "turn on"];

/** Resolves to whether it changed. */
async function setEnabled(type: Switchable, id: number, isOn: boolean): Promise<boolean> {
  const verb = isOn ? "enable" : "disable";
  const changed = type === "license"
    ? (await trpc.licenses[verb].mutate({ licenseIds: [id] })).length > 0
    : await trpc[`${type}s` as const][verb].mutate({ id });
  refresh();
  return changed;
}

/** Disabling and enabling a kind of object, each with an undo. */
function switching(type: Switchable, names: { noun: string; role?: Role }): Verb[] {
  return [true, false].map((isOn) => ({
    label: `${isOn ? "Enable" : "Disable"} ${names.noun}`,
    words: isOn ? enabling : disabling,
    type,
    icon: isOn ? icons.GoodIcon : icons.OffIcon,
    role: names.role,
    run: ({ id, title }) =>
      void runWithToast(
        () => setEnabled(type, id, isOn),
        `${formatWord(names.noun)} ${title} ${isOn ? "enabled" : "disabled"}.`,
        () => setEnabled(type, id, !isOn),
      ),
  }));
}

/** Opens a license's page with one of its dialogs. */
const withDialog = (action: "extend" | "renew" | "terms" | "user") => ({ id }: Hit) =>
  withQuery(addresses.license(id), { action });

async function deactivate({ id }: Hit): Promise<void> {
  try {
    deactivateDevice(await fetchQuery("devices", "get", { id }));
  } catch (error) {
    toastError(error);
  }
}

function signUserOut({ id, title }: Hit): void {
  void runWithToast(async () => {
    await trpc.users.signOut.mutate({ id });
    refresh();
  }, `${title} signed out everywhere.`);
}

export const verbs: Verb[] = [
  ...switching("license", { noun: "license" }),
  {
    label: "Extend license",
    words: ["extend", "prolong", "change expiration"],
    type: "license",
    icon: icons.ClockIcon,
    href: withDialog("extend"),
  },
  {
    label: "Renew license",
    words: ["renew", "another period"],
    type: "license",
    icon: icons.RestoreIcon,
    href: withDialog("renew"),
  },
  {
    label: "Edit license",
    words: ["edit", "change", "upgrade", "raise limit"],
    type: "license",
    icon: icons.EditIcon,
    href: withDialog("terms"),
  },
  {
    label: "Assign license",
    words: ["assign", "transfer", "unassign"],
    type: "license",
    icon: icons.PersonIcon,
    href: withDialog("user"),
  },
  {
    label: "Print certificate of license",
    words: ["print", "certificate", "pdf"],
    type: "license",
    icon: icons.LicensesIcon,
    role: "viewer",
    href: ({ id }) => addresses.licenseCertificate(id),
  },
  {
    label: "API requests of license",
    words: ["api requests", "requests", "log", "calls", "support"],
    type: "license",
    icon: icons.ApiRequestsIcon,
    role: "viewer",
    href: ({ id }) => withQuery(addresses.apiRequests(), { licenseId: id }),
  },
  {
    label: "Deactivate device",
    words: ["deactivate", "revoke", "remove", "free", "release", "sign out"],
    type: "device",
    icon: icons.OffIcon,
    run: (hit) => void deactivate(hit),
  },
  {
    label: "Sign out user",
    words: ["sign out", "log out", "logout", "end sessions", "revoke"],
    type: "user",
    icon: icons.SignOutIcon,
    run: signUserOut,
  },
  ...switching("user", { noun: "user" }),
  ...switching("webhook", { noun: "webhook", role: "owner" }),
  {
    label: "New license for",
    words: ["new license", "create license for", "issue license for"],
    type: "customer",
    icon: icons.AddIcon,
    href: ({ id }) => withQuery(addresses.newLicense(), { customerId: id }),
  },
  {
    label: "New plan of",
    words: ["new plan", "create plan of", "add plan to"],
    type: "product",
    icon: icons.AddIcon,
    href: ({ id }) => withQuery(addresses.newPlan(), { productId: id }),
  },
  {
    label: "New release of",
    words: ["new release", "publish", "create release of"],
    type: "product",
    icon: icons.AddIcon,
    href: ({ id }) => withQuery(addresses.newRelease(), { productId: id }),
  },
];

const isAllowed = ({ role }: Verb) => hasRole(role ?? "manager");

const namesOf = ({ label, words }: Verb) => [label.toLowerCase(), ...words];

/** The actions whose name or a word for it begins as typed. */
export function verbsThatBegin(typed: string): Verb[] {
  const q = typed.trim().toLowerCase();
  return q === ""
    ? []
    : verbs.filter((verb) => isAllowed(verb) && namesOf(verb).some((name) => name.startsWith(q)));
}

/** The actions that the text names, and the object after it: "renew acme". Null for other text. */
export function readCommand(typed: string): { verbs: Verb[]; object: string } | null {
  const q = typed.trimStart().toLowerCase();
  const named = verbs.filter(isAllowed)
    .map((verb) => ({
      verb,
      length: Math.max(
        0,
        ...namesOf(verb).filter((name) => q.startsWith(`${name} `)).map(({ length }) => length),
      ),
    }));
  // "disable license x" is not "disable" with the object "license x".
  const longest = Math.max(...named.map(({ length }) => length));
  if (longest === 0 || !Number.isFinite(longest)) return null;
  return {
    verbs: named.filter(({ length }) => length === longest).map(({ verb }) => verb),
    object: typed.trimStart().slice(longest).trim(),
  };
}
