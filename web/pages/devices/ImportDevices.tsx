// The import of devices from a table: the machines on which licenses are activated.
import { deviceHeadings } from "../../../server/domain/license_import/inputs.ts";
import { ImportPage } from "../../features/imports/ImportPage.tsx";
import type { ImportTarget } from "../../features/imports/import_target.ts";
import { addresses, withQuery } from "../../lib/addresses.ts";

const target: ImportTarget = {
  one: "device",
  many: "devices",
  headings: deviceHeadings,
  required: { License: "a license key", Fingerprint: "a fingerprint" },
  list: { href: addresses.devices(), title: "Devices" },
  href: (id) => withQuery(addresses.devices(), { device: id }),
  importAddress: addresses.uploadDevices(),
  invalidRowsAddress: addresses.invalidDeviceRows(),
  duplicatesHint: "Rows with a device that the license has already, active or not.",
  handlings: [
    ["skip", "Skip", "Existing devices are unchanged."],
    ["refuse", "Report", "These rows are errors."],
  ],
  note: "Activation limits apply: devices beyond them are errors.",
  template: "devices",
};

export function ImportDevices() {
  return <ImportPage target={target} />;
}
