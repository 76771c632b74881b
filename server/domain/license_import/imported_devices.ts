// What a table of devices is imported as: machines that were activated on another license server.
import type { ImportedKind } from "../imports/imported_kind.ts";
import { DeviceRows } from "./device_rows.ts";
import { deviceHeadings } from "./inputs.ts";
import { insertDevices } from "./insert_devices.ts";
import { openDeviceField } from "./open_columns.ts";
import { deviceAliases, readDeviceCell, type TableDevice, tableDevice } from "./table_device.ts";

export const importedDevices: ImportedKind<TableDevice> = {
  noun: "device",
  jobKind: "import_devices",
  headings: deviceHeadings,
  aliases: deviceAliases,
  sheets: ["devices", "activations", "machines"],
  openField: openDeviceField,
  required: ["license", "fingerprint"],
  // A fingerprint that says "none" is refused as a placeholder rather than as missing.
  verbatim: ["license", "fingerprint", "device"],
  schema: tableDevice,
  nameOf: ({ device, fingerprint }) => device ?? fingerprint,
  readCell: readDeviceCell,
  createFinder: (options) => new DeviceRows(options),
  insert: insertDevices,
  update: () => Promise.resolve(),
  getOutdated: () => Promise.resolve(new Set()),
};
