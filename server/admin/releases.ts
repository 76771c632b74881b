// Releases: list, export, create, edit, delete and restore.
import { z } from "zod";
import { newRelease, releaseChanges, releaseList } from "../domain/releases/inputs.ts";
import {
  deleteRelease,
  getRelease,
  listReleases,
  publishRelease,
  restoreRelease,
  updateRelease,
} from "../domain/releases/releases.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { day, deletionTimes, integer, revisionField, text } from "./schemas.ts";

export const release = z.object({
  id: integer.describe("The release's id"),
  product_id: integer.describe("The product's id"),
  version: text.describe("Version"),
  channel: z.enum(["stable", "beta", "alpha"]).describe("Channel"),
  release_date: day,
  download_url: text.describe("Download URL"),
  release_notes: text.describe("Release notes"),
  is_mandatory: z.boolean().describe("Whether the update is mandatory"),
  ...deletionTimes,
  ...revisionField,
}).meta({ id: "Release" });

export function releaseEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Release", label: "release" },
      path: "/api/admin/releases",
      tag: "Products and plans",
      reads: viewer,
      writes: manager,
      schema: release,
      list: { input: releaseList, verb: listReleases },
      columns: {
        Id: (row) => row.id,
        Product: (row) => row.productName,
        Version: (row) => row.version,
        Channel: (row) => row.channel,
        Date: (row) => row.releaseDate,
        Mandatory: (row) => row.isMandatory,
        Download: (row) => row.downloadUrl,
      },
      get: getRelease,
      create: { input: newRelease, verb: publishRelease },
      update: { input: releaseChanges, verb: updateRelease },
      delete: deleteRelease,
      restore: restoreRelease,
    }),
  ];
}
