// Import of licenses and their devices from tables.
import { importedDevices } from "../domain/license_import/imported_devices.ts";
import { importedLicenses } from "../domain/license_import/imported_licenses.ts";
import type { Endpoint } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { tableImportEndpoints } from "./table_import.ts";

export function licenseImportEndpoints({ manager: guard }: Guards): Endpoint[] {
  return [
    ...tableImportEndpoints({
      kind: importedLicenses,
      tag: "Licenses",
      path: "/api/admin/licenses/import",
      dialect: documentedForm,
      guard,
      operations: { import: "importLicenses", exportInvalidRows: "exportInvalidLicenseRows" },
      objects: "licenses",
      columns:
        "Product code is required, and the name or address of the customer. Keys are kept, and generated where there is none; " +
        "terms have their names of the API and are the plan's where there is none; metadata.KEY, public_metadata.KEY and " +
        "entitlement.KEY are columns of their own",
      rules: {
        duplicates: {
          description:
            "Handling of a row whose key an existing license has: it is an error (the default), or skipped. A key that is " +
            "twice in the file is an error in any case",
          choices: ["refuse", "skip"],
          byDefault: "refuse",
        },
        createsCustomers: true,
      },
      example: "Key,Customer,Email,Product code,Plan code,Valid until,max_activations,metadata.crm_id\n" +
        "LUMEN-2024-AAAA-0001,Lumen & Sons,it@lumen.example,stitch,classic,2031-02-28,3,4711\n",
    }),
    ...tableImportEndpoints({
      kind: importedDevices,
      tag: "Devices",
      path: "/api/admin/devices/import",
      dialect: documentedForm,
      guard,
      operations: { import: "importDevices", exportInvalidRows: "exportInvalidDeviceRows" },
      objects: "devices",
      columns:
        "License, the key of an existing license, and Fingerprint are required; metadata.KEY and public_metadata.KEY are columns " +
        "of their own. A device beyond the activation limit of its license is an error",
      rules: {
        duplicates: {
          description:
            "Handling of a device that the license has already: it is an error (the default), or skipped. A device that is " +
            "twice in the file is an error in any case",
          choices: ["refuse", "skip"],
          byDefault: "refuse",
        },
      },
      example: "License,Fingerprint,Device,Activated,Last seen,metadata.site\n" +
        "LUMEN-2024-AAAA-0001,9f86d081884c7d65,LUMEN-PC1,2024-03-01 09:12,2026-01-15 17:40,Basel\n",
    }),
  ];
}
