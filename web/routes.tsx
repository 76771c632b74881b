// Which page is at which address. Pages are loaded when they are first opened.
import type { RouteDefinition, RouteSectionProps } from "@solidjs/router";
import { type Component, lazy, Show } from "solid-js";

type Page = Component<RouteSectionProps>;

/** A page of a file, by the name it is exported under. */
function page<Name extends string>(load: () => Promise<Record<Name, Page>>, name: Name): Page {
  return lazy(async () => ({ default: (await load())[name] }));
}

/** The page of one thing. Another id is another page, so that no form keeps what belongs to the thing before. */
function thing<Name extends string>(load: () => Promise<Record<Name, Page>>, name: Name): Page {
  const Thing = page(load, name);
  return (props) => (
    <Show when={props.params.id} keyed>
      <Thing {...props} />
    </Show>
  );
}

/** Ids in addresses are whole numbers; everything else is no page. */
const id = { id: /^[1-9]\d{0,15}$/ };

const overview: RouteDefinition[] = [];

const licensing: RouteDefinition[] = [
  { path: "/licenses", component: page(() => import("./pages/licenses/Licenses.tsx"), "Licenses") },
  { path: "/license/new", component: page(() => import("./pages/licenses/NewLicense.tsx"), "NewLicense") },
  {
    path: "/license/edit/:id",
    matchFilters: id,
    component: thing(() => import("./pages/licenses/LicensePage.tsx"), "LicensePage"),
  },
  { path: "/customers", component: page(() => import("./pages/customers/Customers.tsx"), "Customers") },
  {
    path: "/customer/new",
    component: page(() => import("./pages/customers/NewCustomer.tsx"), "NewCustomer"),
  },
  {
    path: "/customer/edit/:id",
    matchFilters: id,
    component: thing(() => import("./pages/customers/CustomerPage.tsx"), "CustomerPage"),
  },
];

const growth: RouteDefinition[] = [];

const operations: RouteDefinition[] = [];

const settings: RouteDefinition[] = [];

export const routes: RouteDefinition[] = [
  { path: "/sign-in", component: page(() => import("./pages/sign_in/SignIn.tsx"), "SignIn") },
  {
    path: "/",
    component: page(() => import("./frame/Frame.tsx"), "Frame"),
    children: [
      { path: "/", component: page(() => import("./pages/Home.tsx"), "Home") },
      ...overview,
      ...licensing,
      ...growth,
      ...operations,
      ...settings,
      { path: "*", component: page(() => import("./pages/NotFound.tsx"), "NotFound") },
    ],
  },
];
