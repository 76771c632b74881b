// The menu in the top bar that leads to the forms for new objects.
import { hasRole, missingRoleReason, type Role } from "../features/account/session.ts";
import { addresses } from "../lib/addresses.ts";
import * as icons from "../ui/icons.ts";
import { Menu, type MenuItem } from "../ui/Menu.tsx";

interface Creation {
  title: string;
  href: string;
  icon: typeof icons.KeyIcon;
  role: Role;
}

const creations: Creation[] = [
  { title: "License", href: addresses.newLicense(), icon: icons.LicensesIcon, role: "manager" },
  { title: "Customer", href: addresses.newCustomer(), icon: icons.CustomersIcon, role: "manager" },
  { title: "User", href: addresses.newUser(), icon: icons.PeopleIcon, role: "manager" },
  { title: "Product", href: addresses.newProduct(), icon: icons.ProductsIcon, role: "manager" },
  { title: "Plan", href: addresses.newPlan(), icon: icons.PlansIcon, role: "manager" },
  { title: "Release", href: addresses.newRelease(), icon: icons.ReleasesIcon, role: "manager" },
  { title: "Resource", href: addresses.newResource(), icon: icons.ResourcesIcon, role: "manager" },
  { title: "Lead", href: addresses.newLead(), icon: icons.LeadsIcon, role: "manager" },
  { title: "Webhook", href: addresses.newWebhook(), icon: icons.WebhooksIcon, role: "owner" },
];

/** Viewers see why they cannot create anything; what only owners create is hidden from others. */
const items = (): MenuItem[] =>
  creations.filter(({ role }) => role === "manager" || hasRole(role)).map((creation) => ({
    title: creation.title,
    icon: creation.icon({}),
    href: creation.href,
    disabledReason: missingRoleReason(creation.role),
  }));

export function CreateMenu() {
  return (
    <Menu
      label="Create"
      items={items()}
      class="inline-flex h-8 touch:h-11 items-center gap-1.5 rounded-md px-2 text-sm text-ink hover:bg-sunken [&>svg]:size-4"
    >
      <icons.AddIcon aria-hidden="true" /> <span class="max-sm:sr-only">Create</span>
    </Menu>
  );
}
