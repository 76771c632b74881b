// Plans: list, export, create, edit, delete and restore.
import { z } from "zod";
import { newPlan, planChanges, planList } from "../domain/plans/inputs.ts";
import { listPlans } from "../domain/plans/list.ts";
import { createPlan, deletePlan, getPlan, restorePlan, updatePlan } from "../domain/plans/plans.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { deletionTimes, integer, licenseType, metadataField, revisionField, text } from "./schemas.ts";
import { termFields } from "./terms.ts";

export const plan = z.object({
  id: integer.describe("The plan's id"),
  product_id: integer.describe("The product's id"),
  code: text.describe("Code, the identifier used in the API"),
  name: text.describe("Name"),
  license_type: licenseType.describe("License type"),
  ...termFields,
  features: z.array(text).describe("Feature codes"),
  ...metadataField,
  ...deletionTimes,
  ...revisionField,
}).meta({ id: "Plan" });

export function planEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Plan", label: "plan" },
      path: "/api/admin/plans",
      tag: "Products and plans",
      reads: viewer,
      writes: manager,
      schema: plan,
      list: { input: planList, verb: listPlans },
      columns: {
        Id: (row) => row.id,
        Product: (row) => row.productName,
        Code: (row) => row.code,
        Name: (row) => row.name,
        Duration: (row) => row.duration,
        "Activation limit": (row) => row.maxActivations,
        "Concurrent users": (row) => row.maxUsers,
        Features: (row) => row.features.join(" "),
      },
      get: getPlan,
      create: { input: newPlan, verb: createPlan },
      update: { input: planChanges, verb: updatePlan },
      delete: deletePlan,
      restore: restorePlan,
    }),
  ];
}
