// Administration over REST: the documented calls, and the rest of administration.
import type { ApiTag, SecurityScheme } from "../request/dialect_module.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import type { Site } from "../request/services.ts";
import { accountEndpoints } from "./account.ts";
import { administratorEndpoints } from "./administrators.ts";
import { alertEndpoints } from "./alerts.ts";
import { anomalyEndpoints } from "./anomalies.ts";
import { apiKeyEndpoints } from "./api_keys.ts";
import { apiRequestEndpoints } from "./api_requests.ts";
import { appSessionEndpoints } from "./app_sessions.ts";
import { bulkLicenseEndpoints } from "./bulk_licenses.ts";
import { customerMergeEndpoints } from "./customer_merge.ts";
import { customerImportEndpoints } from "./customer_import.ts";
import { customerEndpoints } from "./customers.ts";
import { deviceEndpoints } from "./devices.ts";
import { documentedLeadEndpoints } from "./documented_leads.ts";
import { eventEndpoints } from "./events.ts";
import { explanationEndpoints } from "./explanations.ts";
import { identityProviderEndpoints } from "./identity_provider.ts";
import { invitationEndpoints } from "./invitations.ts";
import { jobEndpoints } from "./jobs.ts";
import { licenseFileEndpoints } from "./license_files.ts";
import { licenseImportEndpoints } from "./license_import.ts";
import { leadImportEndpoints } from "./lead_import.ts";
import { leadEndpoints } from "./leads.ts";
import { licenseActionEndpoints } from "./license_actions.ts";
import { licenseEnablementEndpoints } from "./license_enablement.ts";
import { licenseUsageEndpoints } from "./license_usage.ts";
import { licenseEndpoints } from "./licenses.ts";
import { monitoringEndpoints } from "./monitoring.ts";
import { planTermsEndpoints } from "./plan_terms.ts";
import { planEndpoints } from "./plans.ts";
import { productEndpoints } from "./products.ts";
import { releaseEndpoints } from "./releases.ts";
import { resourcePoolEndpoints } from "./resources.ts";
import { searchEndpoints } from "./search.ts";
import { settingEndpoints } from "./settings.ts";
import { signInEndpoints } from "./sign_in.ts";
import { signingKeyEndpoints } from "./signing_keys.ts";
import { dataProtectionEndpoints } from "./data_protection.ts";
import { userEndpoints } from "./users.ts";
import { webhookDeliveryEndpoints } from "./webhook_deliveries.ts";
import { webhookEndpoints } from "./webhooks.ts";

export const adminSecuritySchemes: Record<string, SecurityScheme> = {
  administrator: {
    type: "http",
    scheme: "bearer",
    description: "An administrator's token, from POST /api/admin/login or created in the panel",
  },
  analytics: {
    type: "http",
    scheme: "bearer",
    description: "An administrator's token, or the token of GET /api/admin/license/auth-token",
  },
};

export const adminTags: ApiTag[] = [
  { name: "Account", description: "The administrator's own sign-in, sessions and access tokens." },
  { name: "Customers", description: "Customers and their licenses." },
  { name: "Licenses", description: "Licenses: issue, update, disable, extend, delete." },
  { name: "Devices", description: "Devices activated on licenses." },
  { name: "Sessions", description: "Active sessions of apps." },
  { name: "Products and plans", description: "Products, plans and releases." },
  { name: "Resources", description: "Named resources that can be allocated to licenses." },
  { name: "Leads", description: "Institutions with contacts and activities, before they become customers." },
  { name: "Users", description: "User accounts of apps." },
  { name: "Search", description: "Search over customers, licenses, devices and leads." },
  { name: "Monitoring", description: "Statistics, alerts and anomalies." },
  { name: "Events", description: "The audit log." },
  { name: "API requests", description: "The log of API requests and how they were answered." },
  { name: "Jobs", description: "Background jobs." },
  { name: "Webhooks", description: "Webhook endpoints and deliveries." },
  { name: "API keys", description: "API keys of apps and scripts." },
  { name: "Administrators", description: "Administrators and their invitations." },
  { name: "Settings", description: "Settings and signing keys." },
];

export function adminEndpoints(guards: Guards, site: Site): Endpoint[] {
  return [
    ...signInEndpoints(guards, site),
    ...identityProviderEndpoints(guards),
    ...accountEndpoints(guards),
    ...customerEndpoints(guards),
    ...customerImportEndpoints(guards),
    ...customerMergeEndpoints(guards),
    // Before "/api/admin/licenses/{id}", which "explain" is not.
    ...explanationEndpoints(guards),
    ...licenseEndpoints(guards),
    ...licenseActionEndpoints(guards),
    ...licenseEnablementEndpoints(guards),
    ...licenseFileEndpoints(guards),
    ...licenseUsageEndpoints(guards),
    ...bulkLicenseEndpoints(guards),
    ...deviceEndpoints(guards),
    ...appSessionEndpoints(guards),
    ...productEndpoints(guards),
    ...planEndpoints(guards),
    ...planTermsEndpoints(guards),
    ...releaseEndpoints(guards),
    ...resourcePoolEndpoints(guards),
    ...leadEndpoints(guards),
    ...documentedLeadEndpoints(guards),
    ...leadImportEndpoints(guards),
    ...licenseImportEndpoints(guards),
    ...userEndpoints(guards),
    ...dataProtectionEndpoints(guards),
    ...searchEndpoints(guards),
    ...monitoringEndpoints(guards),
    ...alertEndpoints(guards),
    ...anomalyEndpoints(guards),
    ...eventEndpoints(guards),
    ...apiRequestEndpoints(guards),
    ...jobEndpoints(guards),
    ...webhookEndpoints(guards, site),
    ...webhookDeliveryEndpoints(guards, site),
    ...apiKeyEndpoints(guards),
    ...administratorEndpoints(guards),
    ...invitationEndpoints(guards, site),
    ...settingEndpoints(guards),
    ...signingKeyEndpoints(guards),
  ];
}
