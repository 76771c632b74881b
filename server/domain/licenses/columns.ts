// The columns of exported tables of licenses. Those of values are read by the import of licenses, so that an export can be
// imported into another installation.
import type { Terms } from "../policy/inputs.ts";
import { termNames } from "../policy/inputs.ts";
import { columnOfTerm } from "../policy/term_columns.ts";
import type { Cell, Columns } from "../sheets/cells.ts";
import type { ListedLicense } from "./list.ts";

/** Terms that have a heading of their own. */
const named: readonly (keyof Terms)[] = ["maxActivations", "maxUsers"];

const terms: Columns<ListedLicense> = Object.fromEntries(
  termNames.filter((name) => !named.includes(name)).map((name) => [
    columnOfTerm(name),
    (license: ListedLicense) => termCell(license[name]),
  ]),
);

export const licenseColumns: Columns<ListedLicense> = {
  Id: (license) => license.id,
  Key: (license) => license.key,
  Customer: (license) => license.customerName,
  Email: (license) => license.customerEmail,
  Product: (license) => license.productName,
  Plan: (license) => license.planName,
  Type: (license) => license.type,
  Status: (license) => license.state,
  Starts: (license) => license.validFrom,
  Expires: (license) => license.validUntil ?? (license.startsWith ? null : "never"),
  Activations: (license) => license.activationsInUse,
  "Activation limit": (license) => license.maxActivations,
  "Concurrent users": (license) => license.maxUsers,
  "Product code": (license) => license.productCode,
  "Plan code": (license) => license.planCode,
  User: (license) => license.userEmail,
  "Updates until": (license) => license.updatesUntil ?? (license.startsWith ? null : "unlimited"),
  Disabled: (license) => license.isActive ? "no" : "yes",
  "Disabled reason": (license) => license.disabledReason,
  ...terms,
  Metadata: (license) => objectCell(license.metadata),
  Notes: (license) => license.notes,
  Tags: (license) => license.tags.join(", "),
};

/** A term as the import reads it. */
function termCell(value: Terms[keyof Terms]): Cell {
  if (value === null) return "unlimited";
  if (typeof value === "object") return JSON.stringify(value);
  return typeof value === "boolean" ? (value ? "yes" : "no") : value;
}

/** Values by name as JSON; without any the cell is empty. */
export function objectCell(values: object): Cell {
  return Object.keys(values).length === 0 ? null : JSON.stringify(values);
}
