// Headings of imported licenses and devices, which the panel shows as well.
import { termNames } from "../policy/inputs.ts";

/** The headings of the terms: their names over REST. */
export const termHeadings = termNames.map((name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
);

/** The headings by which a table of licenses is recognised; "metadata.KEY" and "entitlement.KEY" are further ones. */
export const licenseHeadings: readonly string[] = [
  "Key",
  "Customer",
  "Email",
  "User",
  "Product code",
  "Plan code",
  "Type",
  "Valid from",
  "Valid until",
  "Updates until",
  "Disabled",
  "Disabled reason",
  ...termHeadings,
  "Metadata",
  "Notes",
  "Tags",
];

/** The headings by which a table of devices is recognised; "metadata.KEY" are further ones. */
export const deviceHeadings: readonly string[] = [
  "License",
  "Fingerprint",
  "Device",
  "Version",
  "Active",
  "Activated",
  "Last seen",
  "Metadata",
];
