// Resources: list, edit, delete and restore; and the documented calls about them.
import { z } from "zod";
import { allocateResources, releaseResources } from "../domain/resources/allocate.ts";
import {
  allocation,
  newResource,
  release,
  resourceChanges,
  resourceList,
} from "../domain/resources/inputs.ts";
import {
  getResource,
  listAvailableResources,
  listResources,
  listResourcesOfLicense,
} from "../domain/resources/list.ts";
import {
  createResource,
  deleteResource,
  restoreResource,
  updateResource,
} from "../domain/resources/resources.ts";
import { countResources } from "../domain/resources/statistics.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import { optionalText } from "../request/fields.ts";
import type { Guards } from "../request/guards.ts";
import { wireTime } from "../request/wire_time.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { deletionTimes, integer, licenseId, revisionField, text, time } from "./schemas.ts";
import { bodyOf, wireId } from "./wire.ts";

export const resource = z.object({
  id: integer.describe("The resource's id"),
  type: text.describe("Type"),
  identifier: text.describe("Name"),
  license_id: integer.nullable().describe("The license's id"),
  allocated_at: time.nullable().describe("Time of allocation; null when available"),
  ...deletionTimes,
  updated_at: time,
  ...revisionField,
}).meta({ id: "Resource" });

const listed = z.object({
  id: z.int().describe("The resource's id"),
  type: z.string().describe("Type"),
  identifier: z.string().describe("Name"),
});

const counts = z.object({
  total: z.int().describe("Total number"),
  allocated: z.int().describe("Number of allocated resources"),
  available: z.int().describe("Number of available resources"),
});

export function resourcePoolEndpoints(guards: Guards): Endpoint[] {
  const { viewer, manager } = guards;
  const common = { tag: "Resources", dialect: documentedForm } as const;
  return [
    ...resourceEndpoints({
      name: { entity: "Resource", label: "resource" },
      path: "/api/admin/resources",
      tag: "Resources",
      reads: viewer,
      writes: manager,
      schema: resource,
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
      create: { input: newResource, verb: createResource },
      update: { input: resourceChanges, verb: updateResource },
      delete: deleteResource,
      restore: restoreResource,
    }),
    endpoint({
      ...common,
      method: "get",
      path: "/api/license/{license_id}/resources",
      operationId: "listLicenseResources",
      summary: "List a license's resources",
      guard: guards.viewer,
      params: licenseId,
      answers: {
        200: {
          description: "Resources of the license",
          schema: z.object({
            resources: z.array(
              listed.extend({
                status: z.literal("allocated").describe("State"),
                allocated_at: time,
              }),
            ).describe("The resources"),
          }).meta({
            examples: [{
              resources: [{
                id: 789,
                type: "server",
                identifier: "SRV-001",
                status: "allocated",
                allocated_at: "2025-06-01T10:00:00Z",
              }],
            }],
          }),
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const resources = await listResourcesOfLicense(ctx, params.license_id);
        return ok({
          resources: resources.map(({ id, type, identifier, allocatedAt }) => ({
            id,
            type,
            identifier,
            status: "allocated",
            allocated_at: wireTime(allocatedAt!),
          })),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/resources/allocate",
      operationId: "allocateResources",
      summary: "Allocate resources to a license",
      description: "All or none: when one is allocated to another license, nothing is allocated.",
      guard: guards.manager,
      changes: true,
      body: bodyOf(allocation).meta({ examples: [{ license_id: 123, resource_ids: [789, 790] }] }),
      answers: {
        200: {
          description: "Resources allocated",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            allocated: z.int().describe("Number of allocated resources"),
            message: z.string().describe("Readable message"),
          }).meta({
            examples: [{ success: true, allocated: 2, message: "2 resources allocated successfully" }],
          }),
        },
      },
      errors: ["NOT_FOUND", "RESOURCES_ALLOCATED"],
      async handle({ ctx, body }) {
        const { allocated } = await allocateResources(ctx, body);
        return ok({ success: true, allocated, message: `${resources(allocated)} allocated successfully` });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/resources/release",
      operationId: "releaseResources",
      summary: "Release resources",
      description: "All or none.",
      guard: guards.manager,
      changes: true,
      body: bodyOf(release).meta({ examples: [{ resource_ids: [789, 790] }] }),
      answers: {
        200: {
          description: "Resources released",
          schema: z.object({
            success: z.boolean().describe("Whether the action succeeded"),
            released: z.int().describe("Number of resources released"),
            message: z.string().describe("Readable message"),
          }).meta({
            examples: [{ success: true, released: 2, message: "2 resources released successfully" }],
          }),
        },
      },
      errors: ["NOT_FOUND", "RESOURCES_ALLOCATED"],
      async handle({ ctx, body }) {
        const { length: released } = await releaseResources(ctx, body);
        return ok({ success: true, released, message: `${resources(released)} released successfully` });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/resources/check-availability",
      operationId: "checkResourceAvailability",
      summary: "Check resource availability",
      guard: guards.viewer,
      query: z.object({
        type: optionalText(63).describe("Type; default any"),
        count: wireId.refine((count) => count <= 1000, "must be at most 1000").default(1).describe(
          "Number of resources required",
        ),
      }),
      answers: {
        200: {
          description: "Availability",
          schema: z.object({
            available: z.boolean().describe("Whether enough resources are available"),
            count: z.int().describe("Number of available resources"),
            resources: z.array(listed).describe("The first available resources, up to `count`"),
          }).meta({
            examples: [{
              available: true,
              count: 5,
              resources: [{ id: 791, type: "server", identifier: "SRV-002" }],
            }],
          }),
        },
      },
      async handle({ ctx, query }) {
        const found = await listAvailableResources(ctx, query);
        return ok({
          available: found.available,
          count: found.count,
          resources: found.resources.map(({ id, type, identifier }) => ({ id, type, identifier })),
        });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/resources/stats",
      operationId: "getResourceStatistics",
      summary: "Resource statistics",
      guard: guards.viewer,
      answers: {
        200: {
          description: "Counts, in total and by type",
          schema: counts.extend({ by_type: z.record(z.string(), counts).describe("Counts by type") })
            .meta({
              examples: [{
                total: 100,
                allocated: 75,
                available: 25,
                by_type: {
                  server: { total: 50, allocated: 40, available: 10 },
                  workstation: { total: 50, allocated: 35, available: 15 },
                },
              }],
            }),
        },
      },
      async handle({ ctx }) {
        const { byType, ...all } = await countResources(ctx);
        return ok({ ...all, by_type: byType });
      },
    }),
  ];
}

function resources(count: number): string {
  return count === 1 ? "1 resource" : `${count} resources`;
}
