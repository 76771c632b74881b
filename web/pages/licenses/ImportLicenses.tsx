// The import of licenses from a table.
import { licenseHeadings } from "../../../server/domain/license_import/inputs.ts";
import { ImportPage } from "../../features/imports/ImportPage.tsx";
import type { ImportTarget } from "../../features/imports/import_target.ts";
import { addresses } from "../../lib/addresses.ts";

const target: ImportTarget = {
  one: "license",
  many: "licenses",
  headings: licenseHeadings,
  required: { "Product code": "the code of a product" },
  list: { href: addresses.licenses(), title: "Licenses" },
  href: addresses.license,
  importAddress: addresses.uploadLicenses(),
  invalidRowsAddress: addresses.invalidLicenseRows(),
  duplicatesHint: "Rows with the key of an existing license. A key that is twice in the file is an error.",
  handlings: [
    ["skip", "Skip", "Existing licenses are unchanged."],
    ["refuse", "Report", "These rows are errors."],
  ],
  createsCustomers: true,
  note: "Keys are kept; rows without one get a new key. Empty terms are the plan's.",
  template: "licenses",
  next: { href: addresses.importDevices(), title: "Import their devices" },
};

export function ImportLicenses() {
  return <ImportPage target={target} />;
}
