// What a table of licenses is imported as. Existing licenses stay as they are: a key is imported once.
import type { ImportedKind } from "../imports/imported_kind.ts";
import { licenseHeadings } from "./inputs.ts";
import { insertLicenses } from "./insert_licenses.ts";
import { LicenseRows } from "./license_rows.ts";
import { openLicenseField } from "./open_columns.ts";
import { licenseAliases, readLicenseCell, type TableLicense, tableLicense } from "./table_license.ts";

export const importedLicenses: ImportedKind<TableLicense> = {
  noun: "license",
  jobKind: "import_licenses",
  headings: licenseHeadings,
  aliases: licenseAliases,
  sheets: ["licenses"],
  openField: openLicenseField,
  required: ["productCode"],
  verbatim: ["key", "customer", "trialPer"],
  schema: tableLicense,
  nameOf: ({ key = "" }) => key,
  readCell: readLicenseCell,
  createFinder: (options) => new LicenseRows(options),
  insert: insertLicenses,
  update: () => Promise.resolve(),
  getOutdated: () => Promise.resolve(new Set()),
};
