// Input of resources: creating, updating, listing, allocating and releasing them.
import { z } from "zod";
import { code, id, ids, line } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newResource = z.strictObject({
  type: code.describe("Type: server, workstation, …"),
  identifier: line(255).describe("Name, unique within the type"),
});

export const resourceChanges = newResource.partial();

export const resourceList = listInput(["id", "identifier"], {
  deleted,
  type: code.optional().describe("Resources of this type only"),
  status: z.enum(["allocated", "available"]).optional().describe("Allocated or available"),
  licenseId: id.optional().describe("Resources of this license only"),
});

export const allocation = z.strictObject({
  licenseId: id.describe("The license"),
  resourceIds: ids.describe("The resources"),
});

export const release = z.strictObject({
  resourceIds: ids.describe("The resources to release"),
  licenseId: id.optional().describe("Rejects the release if one of them is allocated to another license"),
});
