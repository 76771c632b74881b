// What administration may send about resources.
import { z } from "zod";
import { code, id, ids, line } from "../input_fields.ts";
import { deleted, listInput } from "../list_inputs.ts";

export const newResource = z.strictObject({
  type: code.describe("What kind of thing it is: server, workstation, …"),
  identifier: line(255).describe("What this one is called"),
});

export const resourceChanges = newResource.partial();

export const resourceList = listInput(["id", "identifier"], {
  deleted,
  type: code.optional().describe("Of this kind"),
  status: z.enum(["allocated", "available"]).optional().describe("Given to a license, or free"),
  licenseId: id.optional().describe("Given to this license"),
});

export const allocation = z.strictObject({
  licenseId: id.describe("The license that gets them"),
  resourceIds: ids.describe("The resources"),
});

export const release = z.strictObject({ resourceIds: ids.describe("The resources to give back") });
