// Customers: list, edit, delete and restore; and the documented calls about them.
import { z } from "zod";
import {
  createCustomer,
  deleteCustomer,
  getCustomer,
  restoreCustomer,
  updateCustomer,
} from "../domain/customers/customers.ts";
import { customerColumns } from "../domain/customers/columns.ts";
import { customerChanges, customerList, newCustomer } from "../domain/customers/inputs.ts";
import { listCustomers, pickCustomers } from "../domain/customers/list.ts";
import { getCustomerStats } from "../domain/customers/statistics.ts";
import { listLicensesOfCustomer } from "../domain/licenses/list.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import {
  day,
  deletionTimes,
  integer,
  metadataField,
  nullableText,
  revisionField,
  tagged,
  text,
  time,
} from "./schemas.ts";
import { wireId } from "./wire.ts";

export const customer = z.object({
  id: integer.describe("The customer's id"),
  name: text.describe("Name"),
  email: nullableText.describe("Email address"),
  ...tagged,
  ...metadataField,
  licenses: integer.optional().describe("Number of licenses; in lists only"),
  ...deletionTimes,
  updated_at: time,
  merged_into_id: integer.nullable().optional().describe(
    "The customer that it was merged into; null for all that are read by id, as an id leads to the one that stays",
  ),
  ...revisionField,
}).meta({ id: "Customer" });

/** The page size of Select2. */
const PAGE = 30;

const customerId = z.object({ customer_id: wireId.describe("The customer's id") });

export function customerEndpoints(guards: Guards): Endpoint[] {
  const { viewer, manager } = guards;
  const common = { method: "get", tag: "Customers", dialect: documentedForm, guard: guards.viewer } as const;
  return [
    ...resourceEndpoints({
      name: { entity: "Customer", label: "customer" },
      path: "/api/admin/customers",
      tag: "Customers",
      reads: viewer,
      writes: manager,
      schema: customer,
      list: { input: customerList, verb: listCustomers },
      columns: customerColumns,
      get: getCustomer,
      create: { input: newCustomer, verb: createCustomer },
      update: { input: customerChanges, verb: updateCustomer },
      delete: deleteCustomer,
      restore: restoreCustomer,
    }),
    endpoint({
      ...common,
      path: "/api/customers",
      operationId: "findCustomers",
      summary: "Find customers for a Select2 field",
      query: z.object({
        q: z.string().trim().max(200).default("").describe("Part of the name or address"),
        page: wireId.refine((page) => page <= 100_000, "is too large").default(1).describe(
          "Page, from 1; 30 a page",
        ),
      }),
      answers: {
        200: {
          description: "A page of results",
          schema: z.object({
            results: z.array(z.object({
              id: z.int().describe("The customer's id"),
              text: z.string().describe("Name and email address"),
            })).describe("Results"),
            pagination: z.object({ more: z.boolean().describe("Whether there is another page") }).describe(
              "Pagination",
            ),
          }).meta({
            examples: [{
              results: [{ id: 123, text: "ACME Corp - admin@acme.com" }],
              pagination: { more: false },
            }],
          }),
        },
      },
      async handle({ ctx, query }) {
        const { customers, more } = await pickCustomers(ctx, { ...query, size: PAGE });
        return ok({
          results: customers.map(({ id, name, email }) => ({
            id,
            text: email ? `${name} - ${email}` : name,
          })),
          pagination: { more },
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/customer/{customer_id}/licenses",
      operationId: "listCustomerLicenses",
      summary: "List a customer's licenses",
      params: customerId,
      answers: {
        200: {
          description: "All, the newest first",
          schema: z.object({
            licenses: z.array(z.object({
              id: z.int().describe("The license's id"),
              license_key: z.string().describe("The license key, as it was issued"),
              type: z.enum(["perpetual", "subscription", "trial"]).describe("License type"),
              status: z.enum(["active", "inactive", "not_yet_valid", "expired"]).describe("Current state"),
              valid_until: day.nullable().describe("Last valid day, inclusive; null: never expires"),
              max_activations: z.int().describe("Activation limit"),
              current_activations: z.int().describe("Activations in use"),
            })).describe("The licenses"),
          }).meta({
            examples: [{
              licenses: [{
                id: 456,
                license_key: "XXXX-XXXX-XXXX-XXXX",
                type: "perpetual",
                status: "active",
                valid_until: "2026-01-01",
                max_activations: 5,
                current_activations: 3,
              }],
            }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const licenses = await listLicensesOfCustomer(ctx, params.customer_id);
        return ok({
          licenses: licenses.map((license) => ({
            id: license.id,
            license_key: license.key,
            type: license.type,
            // A documented field with the values it had: a license in grace works.
            status: license.state === "in_grace" ? "active" as const : license.state,
            valid_until: license.validUntil,
            max_activations: license.maxActivations,
            current_activations: license.activationsInUse,
          })),
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/customer/{customer_id}/quick-stats",
      operationId: "getCustomerStatistics",
      summary: "Customer statistics",
      params: customerId,
      answers: {
        200: {
          description: "Statistics",
          schema: z.object({
            total_licenses: z.int().describe("Total number of licenses"),
            active_licenses: z.int().describe("Number of active licenses"),
            total_activations: z.int().describe("Active devices"),
            total_users: z.int().describe("Concurrent users, the sum of the limits"),
          }).meta({
            examples: [{ total_licenses: 10, active_licenses: 8, total_activations: 25, total_users: 150 }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const stats = await getCustomerStats(ctx, params.customer_id);
        return ok({
          total_licenses: stats.totalLicenses,
          active_licenses: stats.activeLicenses,
          total_activations: stats.totalActivations,
          total_users: stats.totalUsers,
        });
      },
    }),
  ];
}
