// The commands of the palette that need no object: creating things, the own account, the look of the panel.
import { addresses } from "../../lib/addresses.ts";
import { hasRole, type Role, signOut } from "../../features/account/session.ts";
import { markAllRead } from "../../features/notifications/notification_actions.ts";
import { chooseTheme } from "../../lib/theme.ts";
import * as icons from "../../ui/icons.ts";
import { groups } from "../navigation.ts";

export interface Entry {
  id: string;
  title: string;
  hint?: string;
  icon: typeof icons.KeyIcon;
  /** The page it opens. */
  href?: string;
  run?(): void;
  /** Text that is put into the field, for actions that need an object. */
  fill?: string;
  keys?: string;
}

/** A command that leads to the page that creates an object. */
function creation(
  noun: string,
  href: string,
  { keys, role = "manager" }: { keys?: string; role?: Role } = {},
): Entry & { role: Role } {
  return { id: `new ${noun}`, title: `New ${noun}`, icon: icons.AddIcon, href, role, keys };
}

const actions: (Entry & { role?: Role })[] = [
  creation("license", addresses.newLicense(), { keys: "n l" }),
  creation("customer", addresses.newCustomer(), { keys: "n c" }),
  creation("user", addresses.newUser(), { keys: "n u" }),
  creation("product", addresses.newProduct(), { keys: "n p" }),
  creation("plan", addresses.newPlan()),
  creation("release", addresses.newRelease(), { keys: "n r" }),
  creation("resource", addresses.newResource()),
  creation("lead", addresses.newLead(), { keys: "n e" }),
  {
    id: "import leads",
    title: "Import leads",
    icon: icons.ImportIcon,
    href: addresses.importLeads(),
    role: "manager",
  },
  {
    id: "import licenses",
    title: "Import licenses",
    icon: icons.ImportIcon,
    href: addresses.importLicenses(),
    role: "manager",
  },
  {
    id: "import devices",
    title: "Import devices",
    icon: icons.ImportIcon,
    href: addresses.importDevices(),
    role: "manager",
  },
  {
    id: "offline activation",
    title: "Offline activation",
    icon: icons.DevicesIcon,
    href: addresses.offlineActivation(),
  },
  {
    id: "import customers",
    title: "Import customers",
    icon: icons.ImportIcon,
    href: addresses.importCustomers(),
    role: "manager",
  },
  creation("webhook", addresses.newWebhook(), { keys: "n w", role: "owner" }),
  { id: "profile", title: "Your account", icon: icons.PersonIcon, href: addresses.profile() },
  {
    id: "mark all notifications as read",
    title: "Mark all notifications as read",
    icon: icons.CheckIcon,
    run: () => void markAllRead(),
  },
  {
    id: "notification settings",
    title: "Notification settings",
    icon: icons.NotificationsIcon,
    href: addresses.notificationSettings(),
  },
  { id: "get started", title: "Get started", icon: icons.HelpIcon, href: addresses.start() },
  { id: "light", title: "Switch to light theme", icon: icons.SunIcon, run: () => chooseTheme("light") },
  { id: "dark", title: "Switch to dark theme", icon: icons.MoonIcon, run: () => chooseTheme("dark") },
  { id: "system", title: "Switch to system theme", icon: icons.SystemIcon, run: () => chooseTheme("system") },
  { id: "sign out", title: "Sign out", icon: icons.SignOutIcon, run: () => void leave() },
];

async function leave(): Promise<void> {
  if (!await signOut()) location.assign(addresses.signIn());
}

/** The actions that the role permits. */
export const allowedActions = (): Entry[] => actions.filter(({ role }) => hasRole(role ?? "viewer"));

/** The pages that the role permits. */
export const allowedPages = () =>
  groups.flatMap(({ items }) => items).filter(({ role }) => hasRole(role ?? "viewer"));
