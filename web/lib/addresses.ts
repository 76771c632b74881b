// The URLs of all pages. Links are built from these only.
export const addresses = {
  dashboard: () => "/dashboard",
  activity: () => "/activity",
  notifications: () => "/notifications",
  notificationSettings: () => "/profile#notifications",
  start: () => "/start",

  licenses: () => "/licenses",
  newLicense: () => "/license/new",
  license: (id: number) => `/license/edit/${id}`,
  importLicenses: () => "/licenses/import",
  uploadLicenses: () => "/api/admin/licenses/import",
  invalidLicenseRows: () => "/api/admin/licenses/import/invalid-rows",
  exportLicenseUsage: (id: number) => `/api/admin/licenses/${id}/usage/export`,
  licenseCertificate: (id: number) => `/license/${id}/certificate`,
  customers: () => "/customers",
  newCustomer: () => "/customer/new",
  importCustomers: () => "/customers/import",
  uploadCustomers: () => "/api/admin/customers/import",
  invalidCustomerRows: () => "/api/admin/customers/import/invalid-rows",
  customer: (id: number) => `/customer/edit/${id}`,
  users: () => "/users",
  newUser: () => "/user/new",
  user: (id: number) => `/user/edit/${id}`,
  devices: () => "/devices",
  importDevices: () => "/devices/import",
  offlineActivation: () => "/devices/offline",
  uploadDevices: () => "/api/admin/devices/import",
  invalidDeviceRows: () => "/api/admin/devices/import/invalid-rows",
  sessions: () => "/sessions",
  products: () => "/products",
  newProduct: () => "/product/new",
  product: (id: number) => `/product/edit/${id}`,
  plans: () => "/plans",
  newPlan: () => "/plan/new",
  plan: (id: number) => `/plan/edit/${id}`,
  releases: () => "/releases",
  newRelease: () => "/release/new",
  release: (id: number) => `/release/edit/${id}`,
  resources: () => "/resources",
  newResource: () => "/resource/new",
  resource: (id: number) => `/resource/edit/${id}`,
  exportResources: () => "/api/admin/resources/export",

  leads: () => "/leads/",
  newLead: () => "/leads/create",
  lead: (id: number) => `/leads/edit/${id}`,
  importLeads: () => "/leads/import",
  invalidRows: () => "/leads/import/invalid-rows",
  invalidRowsOfJob: (id: number) => `/api/admin/jobs/${id}/invalid-rows`,
  exportLeads: () => "/leads/export",

  monitoring: () => "/monitoring",
  anomalies: () => "/anomalies",
  anomaly: (id: number) => `/anomalies?anomaly=${id}`,
  webhooks: () => "/webhooks",
  newWebhook: () => "/webhook/new",
  webhook: (id: number) => `/webhook/edit/${id}`,
  apiRequests: () => "/api-requests",
  jobs: () => "/jobs",
  job: (id: number) => `/job/${id}`,
  /** The queue dashboard, which the server serves. */
  queues: () => "/admin/queues",

  administrators: () => "/administrators",
  apiKeys: () => "/api-keys",
  signingKeys: () => "/signing-keys",
  settings: () => "/settings",
  profile: () => "/profile",

  signIn: (next?: string) => next ? `/sign-in?next=${encodeURIComponent(next)}` : "/sign-in",
  invitation: () => "/invitation",
  confirmed: () => "/sign-in/confirmed",
  setup: () => "/setup",
  forgotPassword: () => "/forgot-password",
  resetPassword: () => "/reset-password",
} as const;

/** A path with a query. Parameters that are undefined or empty are left out. */
export function withQuery(
  path: string,
  query: Record<string, string | number | boolean | undefined>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}
