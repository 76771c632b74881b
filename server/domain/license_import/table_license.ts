// A license as a row of an imported table: what each cell may say.
import { z } from "zod";
import type { CalendarDay } from "../calendar.ts";
import { email, line, notes, optionalLine, tags } from "../input_fields.ts";
import { dayCell, lastDayCell, readTags, yesNoCell } from "../imports/cells.ts";
import type { ImportedValues } from "../imports/imported_kind.ts";
import { cleanKey, MAX_PASTED_LENGTH } from "../licenses/pasted_key.ts";
import type { LicenseType } from "../plans/plans.ts";
import { givenTerms, termNames, type Terms } from "../policy/inputs.ts";
import type { ResolvedLicense } from "./resolved.ts";
import { objectCell, termCell } from "./term_cells.ts";

/** The values of a row; those of columns such as "metadata.region" are under their headings. */
export interface TableLicense extends ImportedValues, Partial<Terms> {
  key?: string;
  customer?: string;
  email?: string;
  user?: string;
  productCode: string;
  planCode?: string;
  type?: LicenseType;
  validFrom?: CalendarDay;
  validUntil?: CalendarDay | null;
  updatesUntil?: CalendarDay | null;
  disabled?: boolean;
  disabledReason?: string | null;
  metadata?: Record<string, unknown>;
  notes?: string;
  tags?: string[];
  /** What the row means, once it was found valid. */
  resolved?: ResolvedLicense;
}

const termCells = Object.fromEntries(
  termNames.map((name) => [name, termCell(givenTerms[name] as z.ZodType).optional()]),
);

export const tableLicense = z.object({
  key: z.string().max(MAX_PASTED_LENGTH, "is too long").transform(cleanKey)
    .refine((key) => key.length >= 6 && key.length <= 255, "must have 6 to 255 characters").optional(),
  customer: line(255).optional(),
  email: email.optional(),
  user: email.optional(),
  productCode: line(255),
  planCode: line(255).optional(),
  type: z.enum(["perpetual", "subscription", "trial"]).optional(),
  validFrom: dayCell.optional(),
  validUntil: lastDayCell.optional(),
  updatesUntil: lastDayCell.optional(),
  disabled: yesNoCell.optional(),
  disabledReason: optionalLine(500).optional(),
  ...termCells,
  metadata: objectCell.optional(),
  notes: notes.optional(),
  tags: z.string().transform((text) => text.split(",")).pipe(tags).optional(),
}).catchall(z.string()) as unknown as z.ZodObject & z.ZodType<TableLicense>;

/** Other headings: those of exports, of the API, and of what other license servers export. */
export const licenseAliases = {
  licensekey: "key",
  name: "customer",
  customername: "customer",
  customeremail: "email",
  owneremail: "email",
  useremail: "user",
  product: "productCode",
  plan: "planCode",
  policy: "planCode",
  starts: "validFrom",
  expires: "validUntil",
  expiry: "validUntil",
  expiresat: "validUntil",
  validityend: "validUntil",
  activationlimit: "maxActivations",
  allowedactivations: "maxActivations",
  maxmachines: "maxActivations",
  concurrentusers: "maxUsers",
  suspended: "disabled",
  revoked: "disabled",
} as const;

/** Cells whose lines and blanks count, or that are read by their own function. */
export function readLicenseCell(field: string, cell: string): string {
  if (field === "tags") return readTags(cell);
  return field === "type" ? cell.trim().toLowerCase() : cell.trim();
}
