// The items of the main navigation, which the command palette lists, too.
import { addresses } from "../lib/addresses.ts";
import type { Role } from "../features/account/session.ts";
import * as icons from "../ui/icons.ts";

export interface NavigationItem {
  title: string;
  href: string;
  icon: typeof icons.KeyIcon;
  /** The role it requires; all roles by default. */
  role?: Role;
  /** Path prefixes of pages that belong to it. */
  parts?: string[];
  /** The shortcut that opens it. */
  keys?: string;
}

export const groups: { title: string; items: NavigationItem[] }[] = [
  {
    title: "Overview",
    items: [
      { title: "Dashboard", href: addresses.dashboard(), icon: icons.DashboardIcon, keys: "g d" },
      {
        title: "Notifications",
        href: addresses.notifications(),
        icon: icons.NotificationsIcon,
        keys: "g i",
      },
      { title: "Activity", href: addresses.activity(), icon: icons.ActivityIcon, keys: "g a" },
    ],
  },
  {
    title: "Licensing",
    items: [
      {
        title: "Licenses",
        href: addresses.licenses(),
        icon: icons.LicensesIcon,
        parts: ["/license/"],
        keys: "g l",
      },
      {
        title: "Customers",
        href: addresses.customers(),
        icon: icons.CustomersIcon,
        parts: ["/customer/"],
        keys: "g c",
      },
      { title: "Users", href: addresses.users(), icon: icons.PeopleIcon, parts: ["/user/"], keys: "g u" },
      { title: "Devices", href: addresses.devices(), icon: icons.DevicesIcon, keys: "g v" },
      { title: "Sessions", href: addresses.sessions(), icon: icons.SessionsIcon, keys: "g s" },
      {
        title: "Products",
        href: addresses.products(),
        icon: icons.ProductsIcon,
        parts: ["/product/"],
        keys: "g p",
      },
      { title: "Plans", href: addresses.plans(), icon: icons.PlansIcon, parts: ["/plan/"] },
      {
        title: "Releases",
        href: addresses.releases(),
        icon: icons.ReleasesIcon,
        parts: ["/release/"],
        keys: "g r",
      },
      { title: "Resources", href: addresses.resources(), icon: icons.ResourcesIcon, parts: ["/resource/"] },
    ],
  },
  {
    title: "CRM",
    items: [{
      title: "Leads",
      href: addresses.leads(),
      icon: icons.LeadsIcon,
      parts: ["/leads"],
      keys: "g e",
    }],
  },
  {
    title: "Operations",
    items: [
      { title: "Monitoring", href: addresses.monitoring(), icon: icons.MonitoringIcon, keys: "g m" },
      { title: "Anomalies", href: addresses.anomalies(), icon: icons.AnomaliesIcon, keys: "g n" },
      { title: "API requests", href: addresses.apiRequests(), icon: icons.ApiRequestsIcon, keys: "g q" },
      {
        title: "Webhooks",
        href: addresses.webhooks(),
        icon: icons.WebhooksIcon,
        role: "owner",
        parts: ["/webhook/"],
        keys: "g w",
      },
      { title: "Jobs", href: addresses.jobs(), icon: icons.JobsIcon, parts: ["/job/"], keys: "g j" },
    ],
  },
  {
    title: "Administration",
    items: [
      { title: "Team", href: addresses.administrators(), icon: icons.ShieldIcon, role: "owner" },
      { title: "API keys", href: addresses.apiKeys(), icon: icons.ApiKeysIcon, role: "owner", keys: "g k" },
      { title: "Signing keys", href: addresses.signingKeys(), icon: icons.SigningKeysIcon, role: "owner" },
      { title: "Settings", href: addresses.settings(), icon: icons.SettingsIcon, role: "owner" },
    ],
  },
];

/** Whether a path belongs to an item. */
export function isWithin(item: NavigationItem, path: string): boolean {
  const here = path.replace(/\/$/, "");
  return here === item.href.replace(/\/$/, "") || (item.parts ?? []).some((part) => path.startsWith(part));
}
