// The routes of the panel. Pages are loaded on demand.
import type { RouteDefinition, RouteSectionProps } from "@solidjs/router";
import { type Component, Show } from "solid-js";
import { type DetailNoun, preloadDetail } from "./features/details/detail_page.tsx";
import { lazyPart as page } from "./lib/load_part.ts";

type Page = Component<RouteSectionProps>;

/** Ids are positive integers. */
const id = { id: /^[1-9]\d{0,15}$/ };

/**
 * A page of one object, whose data is loaded along with its code. It is recreated for another id, so that no form keeps the
 * values of the object before.
 */
function thing<Name extends string>(
  noun: DetailNoun,
  load: () => Promise<Record<Name, Page>>,
  name: Name,
): Pick<RouteDefinition, "component" | "preload" | "matchFilters"> {
  const Thing = page(load, name);
  const component = Object.assign(
    (props: RouteSectionProps) => (
      <Show when={props.params.id} keyed>
        <Thing {...props} />
      </Show>
    ),
    { preload: Thing.preload },
  );
  return {
    component,
    matchFilters: id,
    preload: ({ params, intent }) => {
      // The first page of a tab is loaded once the session is known.
      if (intent !== "initial") preloadDetail(noun, Number(params.id));
    },
  };
}

const overview: RouteDefinition[] = [
  { path: "/activity", component: page(() => import("./pages/activity/Activity.tsx"), "Activity") },
  { path: "/dashboard", component: page(() => import("./pages/dashboard/Dashboard.tsx"), "Dashboard") },
  {
    path: "/notifications",
    component: page(() => import("./pages/notifications/Notifications.tsx"), "Notifications"),
  },
  { path: "/start", component: page(() => import("./pages/get_started/FirstSteps.tsx"), "FirstSteps") },
];

const licensing: RouteDefinition[] = [
  { path: "/licenses", component: page(() => import("./pages/licenses/Licenses.tsx"), "Licenses") },
  { path: "/license/new", component: page(() => import("./pages/licenses/NewLicense.tsx"), "NewLicense") },
  {
    path: "/license/edit/:id",
    ...thing("licenses", () => import("./pages/licenses/LicensePage.tsx"), "LicensePage"),
  },
  {
    path: "/licenses/import",
    component: page(() => import("./pages/licenses/ImportLicenses.tsx"), "ImportLicenses"),
  },
  {
    path: "/devices/import",
    component: page(() => import("./pages/devices/ImportDevices.tsx"), "ImportDevices"),
  },
  {
    path: "/devices/offline",
    component: page(() => import("./pages/devices/OfflineActivation.tsx"), "OfflineActivation"),
  },
  {
    path: "/license/:id/certificate",
    ...thing("licenses", () => import("./pages/licenses/Certificate.tsx"), "Certificate"),
  },
  { path: "/customers", component: page(() => import("./pages/customers/Customers.tsx"), "Customers") },
  {
    path: "/customer/new",
    component: page(() => import("./pages/customers/NewCustomer.tsx"), "NewCustomer"),
  },
  {
    path: "/customers/import",
    component: page(() => import("./pages/customers/ImportCustomers.tsx"), "ImportCustomers"),
  },
  {
    path: "/customer/edit/:id",
    ...thing("customers", () => import("./pages/customers/CustomerPage.tsx"), "CustomerPage"),
  },
  { path: "/products", component: page(() => import("./pages/products/Products.tsx"), "Products") },
  { path: "/product/new", component: page(() => import("./pages/products/NewProduct.tsx"), "NewProduct") },
  {
    path: "/product/edit/:id",
    ...thing("products", () => import("./pages/products/ProductPage.tsx"), "ProductPage"),
  },
  { path: "/plans", component: page(() => import("./pages/plans/Plans.tsx"), "Plans") },
  { path: "/plan/new", component: page(() => import("./pages/plans/NewPlan.tsx"), "NewPlan") },
  {
    path: "/plan/edit/:id",
    ...thing("plans", () => import("./pages/plans/PlanPage.tsx"), "PlanPage"),
  },
  { path: "/releases", component: page(() => import("./pages/releases/Releases.tsx"), "Releases") },
  { path: "/release/new", component: page(() => import("./pages/releases/NewRelease.tsx"), "NewRelease") },
  {
    path: "/release/edit/:id",
    ...thing("releases", () => import("./pages/releases/ReleasePage.tsx"), "ReleasePage"),
  },
  { path: "/resources", component: page(() => import("./pages/resources/Resources.tsx"), "Resources") },
  {
    path: "/resource/new",
    component: page(() => import("./pages/resources/NewResource.tsx"), "NewResource"),
  },
  {
    path: "/resource/edit/:id",
    ...thing("resources", () => import("./pages/resources/ResourcePage.tsx"), "ResourcePage"),
  },
  { path: "/users", component: page(() => import("./pages/users/Users.tsx"), "Users") },
  { path: "/user/new", component: page(() => import("./pages/users/NewUser.tsx"), "NewUser") },
  {
    path: "/user/edit/:id",
    ...thing("users", () => import("./pages/users/UserPage.tsx"), "UserPage"),
  },
  { path: "/devices", component: page(() => import("./pages/devices/Devices.tsx"), "Devices") },
  { path: "/sessions", component: page(() => import("./pages/sessions/Sessions.tsx"), "Sessions") },
];

const growth: RouteDefinition[] = [
  { path: "/leads", component: page(() => import("./pages/leads/Leads.tsx"), "Leads") },
  { path: "/leads/create", component: page(() => import("./pages/leads/NewLead.tsx"), "NewLead") },
  {
    path: "/leads/edit/:id",
    ...thing("leads", () => import("./pages/leads/LeadPage.tsx"), "LeadPage"),
  },
  {
    path: "/leads/import",
    component: page(() => import("./pages/leads/ImportLeads.tsx"), "ImportLeads"),
  },
];

const operations: RouteDefinition[] = [
  { path: "/monitoring", component: page(() => import("./pages/monitoring/Monitoring.tsx"), "Monitoring") },
  { path: "/anomalies", component: page(() => import("./pages/anomalies/Anomalies.tsx"), "Anomalies") },
  {
    path: "/api-requests",
    component: page(() => import("./pages/api_requests/ApiRequests.tsx"), "ApiRequests"),
  },
  { path: "/jobs", component: page(() => import("./pages/jobs/Jobs.tsx"), "Jobs") },
  {
    path: "/job/:id",
    ...thing("jobs", () => import("./pages/jobs/JobPage.tsx"), "JobPage"),
  },
  { path: "/webhooks", component: page(() => import("./pages/webhooks/Webhooks.tsx"), "Webhooks") },
  { path: "/webhook/new", component: page(() => import("./pages/webhooks/NewWebhook.tsx"), "NewWebhook") },
  {
    path: "/webhook/edit/:id",
    ...thing("webhooks", () => import("./pages/webhooks/WebhookPage.tsx"), "WebhookPage"),
  },
];

const settings: RouteDefinition[] = [
  { path: "/profile", component: page(() => import("./pages/profile/Profile.tsx"), "Profile") },
  {
    path: "/administrators",
    component: page(() => import("./pages/administrators/Administrators.tsx"), "Administrators"),
  },
  { path: "/api-keys", component: page(() => import("./pages/api_keys/ApiKeys.tsx"), "ApiKeys") },
  {
    path: "/signing-keys",
    component: page(() => import("./pages/signing_keys/SigningKeys.tsx"), "SigningKeys"),
  },
  { path: "/settings", component: page(() => import("./pages/settings/Settings.tsx"), "Settings") },
];

export const routes: RouteDefinition[] = [
  { path: "/sign-in", component: page(() => import("./pages/sign_in/SignIn.tsx"), "SignIn") },
  { path: "/sign-in/confirmed", component: page(() => import("./pages/sign_in/Confirmed.tsx"), "Confirmed") },
  { path: "/invitation", component: page(() => import("./pages/sign_in/Invitation.tsx"), "Invitation") },
  { path: "/setup", component: page(() => import("./pages/sign_in/Setup.tsx"), "Setup") },
  {
    path: "/forgot-password",
    component: page(() => import("./pages/sign_in/ForgotPassword.tsx"), "ForgotPassword"),
  },
  {
    path: "/reset-password",
    component: page(() => import("./pages/sign_in/ResetPassword.tsx"), "ResetPassword"),
  },
  {
    path: "/",
    component: page(() => import("./layout/Layout.tsx"), "Layout"),
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
