// The nouns of administration over REST: what each looks like on the wire, and which verbs stand behind its calls.
import { createApiKey, listApiKeys, revokeApiKey } from "../domain/api_keys/api_keys.ts";
import { listDevices } from "../domain/devices/list.ts";
import * as customers from "../domain/customers/customers.ts";
import { listCustomers } from "../domain/customers/list.ts";
import { listEvents } from "../domain/events/timeline.ts";
import { newProduct, productChanges, productList } from "../domain/products/inputs.ts";
import { newPlan, planChanges, planList } from "../domain/plans/inputs.ts";
import { newRelease, releaseChanges, releaseList } from "../domain/releases/inputs.ts";
import { customerChanges, customerList, newCustomer } from "../domain/customers/inputs.ts";
import { apiKeyList, newApiKey } from "../domain/api_keys/inputs.ts";
import { eventList } from "../domain/events/inputs.ts";
import { jobList } from "../domain/jobs/inputs.ts";
import { leadChanges, leadList, newLead } from "../domain/leads/inputs.ts";
import { deviceList } from "../domain/devices/inputs.ts";
import { licenseChanges, licenseList, newLicense } from "../domain/licenses/inputs.ts";
import { seatList } from "../domain/seats/inputs.ts";
import { newResource, resourceChanges, resourceList } from "../domain/resources/inputs.ts";
import { cancelJob, getJob, listJobs } from "../domain/jobs/job.ts";
import { leadColumns } from "../domain/leads/columns.ts";
import { createLead, deleteLead, getLead, restoreLead, updateLead } from "../domain/leads/leads.ts";
import { listLeads } from "../domain/leads/list.ts";
import { issueLicense } from "../domain/licenses/issue.ts";
import { getLicenseById, listLicenses } from "../domain/licenses/list.ts";
import { deleteLicense, restoreLicense, updateLicense } from "../domain/licenses/manage.ts";
import { listSeats } from "../domain/seats/list.ts";
import { listPlans } from "../domain/plans/list.ts";
import * as plans from "../domain/plans/plans.ts";
import { listProducts } from "../domain/products/list.ts";
import * as products from "../domain/products/products.ts";
import * as releases from "../domain/releases/releases.ts";
import { getResource, listResources } from "../domain/resources/list.ts";
import * as resources from "../domain/resources/resources.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { nounCalls } from "./noun.ts";
import * as shapes from "./shapes.ts";

export function nounsCalls({ viewer, manager, owner }: Guards): Endpoint[] {
  const reads = viewer;
  const changes = manager;
  return [
    ...nounCalls({
      many: "customers",
      one: "customer",
      tag: "Customers",
      reads,
      changes,
      shape: shapes.customer,
      list: { input: customerList, verb: listCustomers },
      columns: {
        Id: (row) => row.id,
        Name: (row) => row.name,
        Email: (row) => row.email,
        Licenses: (row) => row.licenses,
        Created: (row) => row.createdAt,
      },
      get: customers.getCustomer,
      create: { input: newCustomer, verb: customers.createCustomer },
      edit: { input: customerChanges, verb: customers.updateCustomer },
      delete: customers.deleteCustomer,
      restore: customers.restoreCustomer,
    }),
    ...nounCalls({
      many: "products",
      one: "product",
      tag: "Catalogue",
      reads,
      changes,
      shape: shapes.product,
      list: { input: productList, verb: listProducts },
      columns: {
        Id: (row) => row.id,
        Code: (row) => row.code,
        Name: (row) => row.name,
        Licenses: (row) => row.licenses,
      },
      get: products.getProduct,
      create: { input: newProduct, verb: products.createProduct },
      edit: { input: productChanges, verb: products.updateProduct },
      delete: products.deleteProduct,
      restore: products.restoreProduct,
    }),
    ...nounCalls({
      many: "plans",
      one: "plan",
      tag: "Catalogue",
      reads,
      changes,
      shape: shapes.plan,
      list: { input: planList, verb: listPlans },
      columns: {
        Id: (row) => row.id,
        Product: (row) => row.productName,
        Code: (row) => row.code,
        Name: (row) => row.name,
        Duration: (row) => row.duration,
        Activations: (row) => row.maxActivations,
        Users: (row) => row.maxUsers,
        Features: (row) => row.features.join(" "),
      },
      get: plans.getPlan,
      create: { input: newPlan, verb: plans.createPlan },
      edit: { input: planChanges, verb: plans.updatePlan },
      delete: plans.deletePlan,
      restore: plans.restorePlan,
    }),
    ...nounCalls({
      many: "releases",
      one: "release",
      tag: "Catalogue",
      reads,
      changes,
      shape: shapes.release,
      list: { input: releaseList, verb: releases.listReleases },
      columns: {
        Id: (row) => row.id,
        Product: (row) => row.productName,
        Version: (row) => row.version,
        Date: (row) => row.releaseDate,
        Mandatory: (row) => row.isMandatory,
        Download: (row) => row.downloadUrl,
      },
      get: releases.getRelease,
      create: { input: newRelease, verb: releases.publishRelease },
      edit: { input: releaseChanges, verb: releases.updateRelease },
      delete: releases.deleteRelease,
      restore: releases.restoreRelease,
    }),
    ...nounCalls({
      many: "licenses",
      one: "license",
      tag: "Licenses",
      reads,
      changes,
      shape: shapes.license,
      list: { input: licenseList, verb: listLicenses },
      columns: {
        Id: (row) => row.id,
        Key: (row) => row.key,
        Customer: (row) => row.customerName,
        Email: (row) => row.customerEmail,
        Product: (row) => row.productName,
        Plan: (row) => row.planName,
        Type: (row) => row.type,
        State: (row) => row.state,
        From: (row) => row.validFrom,
        Until: (row) => row.validUntil,
        Activations: (row) => row.activationsInUse,
        "Activations at most": (row) => row.maxActivations,
        "Users at most": (row) => row.maxUsers,
      },
      get: getLicenseById,
      create: {
        input: newLicense,
        verb: async (ctx, input) => getLicenseById(ctx, (await issueLicense(ctx, input)).id),
      },
      edit: {
        input: licenseChanges,
        verb: async (ctx, { id, changes }) =>
          getLicenseById(ctx, (await updateLicense(ctx, { id, changes })).id),
      },
      delete: deleteLicense,
      restore: restoreLicense,
      errors: ["INVALID_LICENSE"],
    }),
    ...nounCalls({
      many: "devices",
      one: "device",
      tag: "Devices",
      reads,
      changes,
      shape: shapes.device,
      list: { input: deviceList, verb: listDevices },
      columns: {
        Id: (row) => row.id,
        Machine: (row) => row.machineName,
        Fingerprint: (row) => row.hardwareId,
        License: (row) => row.licenseKey,
        Customer: (row) => row.customerName,
        Product: (row) => row.productName,
        Version: (row) => row.appVersion,
        Active: (row) => row.isActive,
        Activated: (row) => row.activatedAt,
        Seen: (row) => row.lastHeartbeat,
      },
    }),
    ...nounCalls({
      many: "sessions",
      one: "session",
      tag: "Devices",
      reads,
      changes,
      shape: shapes.seat,
      list: { input: seatList, verb: listSeats },
    }),
    ...nounCalls({
      many: "resources",
      one: "resource",
      tag: "Resources",
      reads,
      changes,
      shape: shapes.resource,
      list: { input: resourceList, verb: listResources },
      columns: {
        Id: (row) => row.id,
        Type: (row) => row.type,
        Identifier: (row) => row.identifier,
        License: (row) => row.licenseKey,
        Customer: (row) => row.customerName,
        Allocated: (row) => row.allocatedAt,
      },
      get: getResource,
      create: { input: newResource, verb: resources.createResource },
      edit: { input: resourceChanges, verb: resources.updateResource },
      delete: resources.deleteResource,
      restore: resources.restoreResource,
    }),
    ...nounCalls({
      many: "leads",
      one: "lead",
      tag: "Leads",
      reads,
      changes,
      shape: shapes.lead,
      list: { input: leadList, verb: listLeads },
      columns: leadColumns,
      get: getLead,
      create: { input: newLead.omit({ contact: true }), verb: createLead },
      edit: { input: leadChanges, verb: updateLead },
      delete: deleteLead,
      restore: restoreLead,
    }),
    ...nounCalls({
      many: "events",
      one: "event",
      tag: "Events",
      reads,
      changes,
      shape: shapes.event,
      list: { input: eventList, verb: listEvents },
      columns: {
        Id: (row) => row.id,
        When: (row) => row.occurredAt,
        What: (row) => row.type,
        Who: (row) => row.actorName ?? row.actorKind,
        Subject: (row) => `${row.subjectKind} ${row.subjectId}`,
        Before: (row) => row.before && JSON.stringify(row.before),
        After: (row) => row.after && JSON.stringify(row.after),
        Request: (row) => row.requestId,
      },
    }),
    ...nounCalls({
      many: "jobs",
      one: "job",
      tag: "Jobs",
      reads,
      changes,
      shape: shapes.job,
      list: { input: jobList, verb: listJobs },
      get: getJob,
      delete: cancelJob,
    }),
    ...nounCalls({
      many: "api-keys",
      one: "API key",
      tag: "API keys",
      reads: owner,
      changes: owner,
      shape: shapes.apiKey,
      list: { input: apiKeyList, verb: listApiKeys },
      create: {
        input: newApiKey,
        verb: async (ctx, { name, productId = null }) => {
          const { row: { keyHash: _, ...row }, key } = await createApiKey(ctx, { name, productId });
          return { ...row, key };
        },
      },
      delete: revokeApiKey,
      errors: ["REAUTHENTICATION_REQUIRED"],
    }),
  ];
}
