// The entries of the command palette: recent pages, pages, actions, search results, and verbs with an object
// ("disable TEST", "new license for ACME").
import { addresses, withQuery } from "../../lib/addresses.ts";
import { fetchQuery, refresh } from "../../lib/queries.ts";
import { recent } from "../../lib/recent_pages.ts";
import { hasRole, type Role } from "../../features/account/session.ts";
import { chooseTheme } from "../../lib/theme.ts";
import { type Outputs, trpc } from "../../lib/trpc.ts";
import * as icons from "../../ui/icons.ts";
import { runWithToast } from "../../ui/Toasts.tsx";
import { groups } from "../navigation.ts";

export interface Entry {
  id: string;
  title: string;
  hint?: string;
  icon: typeof icons.KeyIcon;
  /** The page it opens. */
  href?: string;
  run?(): void;
  /** Text that is put into the field, for verbs that need an object. */
  fill?: string;
  keys?: string;
}

export interface Section {
  title: string;
  entries: Entry[];
}

type Hit = Outputs["search"]["everything"]["hits"][number];

/** Entries shown per section. */
const MAX_ENTRIES = 8;

const kinds: Record<Hit["type"], { icon: typeof icons.KeyIcon; href(hit: Hit): string }> = {
  customer: { icon: icons.CustomersIcon, href: ({ id }) => addresses.customer(id) },
  license: { icon: icons.LicensesIcon, href: ({ id }) => addresses.license(id) },
  device: {
    icon: icons.DevicesIcon,
    href: ({ id, licenseId }) => withQuery(addresses.license(licenseId!), { device: id }),
  },
  lead: { icon: icons.LeadsIcon, href: ({ id }) => addresses.lead(id) },
};

/** An action on an object that is searched for. */
interface Verb {
  label: string;
  type: Hit["type"];
  icon: typeof icons.KeyIcon;
  href?(hit: Hit): string;
  run?(hit: Hit): void;
}

/** Resolves to whether it changed. */
async function setLicenseEnabled(id: number, isOn: boolean): Promise<boolean> {
  const changed = await trpc.licenses[isOn ? "enable" : "disable"].mutate({ licenseIds: [id] });
  refresh();
  return changed.length > 0;
}

const verbs: Verb[] = [
  {
    label: "disable",
    type: "license",
    icon: icons.OffIcon,
    run: ({ id, title }) =>
      void runWithToast(
        () => setLicenseEnabled(id, false),
        `License ${title} disabled.`,
        () => setLicenseEnabled(id, true),
      ),
  },
  {
    label: "enable",
    type: "license",
    icon: icons.GoodIcon,
    run: ({ id, title }) =>
      void runWithToast(
        () => setLicenseEnabled(id, true),
        `License ${title} enabled.`,
        () => setLicenseEnabled(id, false),
      ),
  },
  {
    label: "new license for",
    type: "customer",
    icon: icons.AddIcon,
    href: ({ id }) => withQuery(addresses.newLicense(), { customerId: id }),
  },
];

const actions: (Entry & { role?: Role })[] = [
  {
    id: "new license",
    title: "New license",
    icon: icons.AddIcon,
    href: addresses.newLicense(),
    role: "manager",
    keys: "n l",
  },
  {
    id: "new customer",
    title: "New customer",
    icon: icons.AddIcon,
    href: addresses.newCustomer(),
    role: "manager",
    keys: "n c",
  },
  {
    id: "new user",
    title: "New user",
    icon: icons.AddIcon,
    href: addresses.newUser(),
    role: "manager",
    keys: "n u",
  },
  {
    id: "new product",
    title: "New product",
    icon: icons.AddIcon,
    href: addresses.newProduct(),
    role: "manager",
    keys: "n p",
  },
  { id: "new plan", title: "New plan", icon: icons.AddIcon, href: addresses.newPlan(), role: "manager" },
  {
    id: "new release",
    title: "New release",
    icon: icons.AddIcon,
    href: addresses.newRelease(),
    role: "manager",
    keys: "n r",
  },
  {
    id: "new resource",
    title: "New resource",
    icon: icons.AddIcon,
    href: addresses.newResource(),
    role: "manager",
  },
  {
    id: "new lead",
    title: "New lead",
    icon: icons.AddIcon,
    href: addresses.newLead(),
    role: "manager",
    keys: "n e",
  },
  {
    id: "import leads",
    title: "Import leads",
    icon: icons.ImportIcon,
    href: addresses.importLeads(),
    role: "manager",
  },
  {
    id: "new webhook",
    title: "New webhook",
    icon: icons.AddIcon,
    href: addresses.newWebhook(),
    role: "owner",
    keys: "n w",
  },
  { id: "profile", title: "Your account", icon: icons.PersonIcon, href: addresses.profile() },
  { id: "get started", title: "Get started", icon: icons.HelpIcon, href: addresses.start() },
  { id: "light", title: "Switch to light theme", icon: icons.SunIcon, run: () => chooseTheme("light") },
  { id: "dark", title: "Switch to dark theme", icon: icons.MoonIcon, run: () => chooseTheme("dark") },
  { id: "system", title: "Switch to system theme", icon: icons.SystemIcon, run: () => chooseTheme("system") },
];

/** The actions that the role permits. */
export const allowedActions = (): Entry[] => actions.filter(({ role }) => hasRole(role ?? "viewer"));

/** The pages that the role permits. */
export const allowedPages = () =>
  groups.flatMap(({ items }) => items).filter(({ role }) => hasRole(role ?? "viewer"));

const holds = (title: string, q: string) => title.toLowerCase().includes(q);

/** The sections that need no query. */
export function knownSections(typed: string): Section[] {
  const q = typed.trim().toLowerCase();
  const things = recent().filter(({ title }) => holds(title, q));
  const sections: Section[] = [
    {
      title: "Recent",
      entries: things.map(({ href, title }) => ({
        id: `recent ${href}`,
        title,
        href,
        icon: icons.ClockIcon,
      })),
    },
    {
      title: "Actions",
      entries: [
        ...verbs.filter(({ label }) => hasRole("manager") && q !== "" && label.startsWith(q)).map((
          { label, icon },
        ) => ({
          id: label,
          title: `${label.charAt(0).toUpperCase()}${label.slice(1)}…`,
          icon,
          fill: `${label} `,
        })),
        ...allowedActions().filter(({ title }) => q !== "" && holds(title, q)),
      ],
    },
    {
      title: "Pages",
      entries: allowedPages().filter(({ title }) => holds(title, q)).map(({ title, href, icon, keys }) => ({
        id: `page ${href}`,
        title,
        href,
        icon,
        keys,
      })),
    },
  ];
  return trimmed(sections);
}

/** The search results: objects for a verb, or all objects with such a name. */
export async function foundSections(typed: string): Promise<Section[]> {
  const q = typed.trim();
  const verb = verbs.find(({ label }) => q.toLowerCase().startsWith(`${label} `));
  if (verb && hasRole("manager")) {
    const object = q.slice(verb.label.length).trim();
    if (object === "") return [];
    const { hits } = await fetchQuery("search", "everything", {
      q: object,
      type: verb.type,
      limit: MAX_ENTRIES,
    });
    const title = verb.label.charAt(0).toUpperCase() + verb.label.slice(1);
    return trimmed([{
      title: title,
      entries: hits.map((hit) => ({
        id: `${verb.label} ${hit.id}`,
        title: `${title} ${hit.title}`,
        hint: hit.subtitle,
        icon: verb.icon,
        href: verb.href?.(hit),
        run: verb.run && (() => verb.run!(hit)),
      })),
    }]);
  }
  if (q === "") return [];
  const { hits } = await fetchQuery("search", "everything", { q, limit: MAX_ENTRIES });
  return trimmed([{
    title: "Results",
    entries: hits.map((hit) => ({
      id: `${hit.type} ${hit.id}`,
      title: hit.title,
      hint: hit.subtitle,
      icon: kinds[hit.type].icon,
      href: kinds[hit.type].href(hit),
    })),
  }]);
}

function trimmed(sections: Section[]): Section[] {
  return sections.filter(({ entries }) => entries.length > 0)
    .map(({ title, entries }) => ({ title, entries: entries.slice(0, MAX_ENTRIES) }));
}
