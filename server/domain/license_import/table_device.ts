// A device as a row of an imported table: the machine on which a license is activated.
import { z } from "zod";
import { instantCell, yesNoCell } from "../imports/cells.ts";
import type { ImportedValues } from "../imports/imported_kind.ts";
import type { DeviceLicense } from "./device_license.ts";
import { line } from "../input_fields.ts";
import { MAX_PASTED_LENGTH } from "../licenses/pasted_key.ts";
import type { Metadata } from "../metadata.ts";
import { cleanLine } from "../text.ts";
import { objectCell } from "./term_cells.ts";

/** The values of a row; those of columns such as "metadata.region" are under their headings. */
export interface TableDevice extends ImportedValues {
  /** The license key. */
  license: string;
  fingerprint: string;
  /** The device's name. */
  device?: string;
  version?: string;
  active?: boolean;
  activated?: Date;
  lastSeen?: Date;
  metadata?: Record<string, unknown>;
  /** Its license, once the row was found valid. */
  ofLicense?: DeviceLicense;
  /** Its metadata, of all columns, once the row was found valid. */
  allMetadata?: Metadata;
  /** Whether it counts against the limit on new machines. */
  isNew?: boolean;
}

/** When it was first active as far as the row says; null: it is new. */
export const activeSince = ({ activated, lastSeen }: TableDevice): Date | null =>
  activated ?? lastSeen ?? null;

export const tableDevice = z.object({
  license: z.string().max(MAX_PASTED_LENGTH, "is too long"),
  fingerprint: line(255),
  device: z.string().optional(),
  version: z.string().optional(),
  active: yesNoCell.optional(),
  activated: instantCell.optional(),
  lastSeen: instantCell.optional(),
  metadata: objectCell.optional(),
}).catchall(z.string()) as unknown as z.ZodObject & z.ZodType<TableDevice>;

/** Other headings: those of the API, and of what other license servers export. */
export const deviceAliases = {
  key: "license",
  licensekey: "license",
  hardwareid: "fingerprint",
  hardwarehash: "fingerprint",
  name: "device",
  machinename: "device",
  hostname: "device",
  appversion: "version",
  isactive: "active",
  activatedat: "activated",
  createdat: "activated",
  lastheartbeat: "lastSeen",
  lastseenat: "lastSeen",
} as const;

/** Names and versions are only displayed: they are cleaned and shortened as an app's are. */
export function readDeviceCell(field: string, cell: string): string {
  if (field === "device") return cleanLine(cell, 255);
  return field === "version" ? cleanLine(cell, 64) : cell.trim();
}
