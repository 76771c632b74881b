// The fingerprint: named parts of the machine, each hashed with a salt of the product, so that no two vendors can compare them.
import type { Device } from "./device.ts";
import { sha256, toHex } from "./encoding.ts";

/** What firmware, images and virtual machines say where a serial number was left out; folded. */
const placeholders = new Set([
  "notspecified",
  "notpresent",
  "notsettable",
  "notavailable",
  "notapplicable",
  "none",
  "null",
  "na",
  "unknown",
  "undefined",
  "invalid",
  "oem",
  "default",
  "defaultstring",
  "tobefilledbyoem",
  "tobefilled",
  "systemserialnumber",
  "serialnumber",
  "baseboardserialnumber",
  "boardserialnumber",
  "chassisserialnumber",
  "noassettag",
  "assettag",
  "generic",
  "virtualmachine",
  "03000200040005000006000700080009",
  "00020003000400050006000700080009",
  "uninitialized",
]);

/**
 * Whether a value identifies no machine. It is compared without case, and without what is in ASCII no letter or digit; other
 * characters stay as they are, so that no tables of Unicode are needed in any language.
 */
export function isPlaceholder(value: string): boolean {
  const folded = value.replace(
    /[\0-\x7f]/g,
    (character) => /[0-9A-Za-z]/.test(character) ? character.toLowerCase() : "",
  );
  return placeholders.has(folded) || /^0*$|^f{4,}$|^x{3,}$|^([0-9a-z])\1{7,}$/.test(folded) ||
    /^0*1?2?3456789[0-9]*$/.test(folded);
}

/** A value without the blanks of ASCII around it. */
function trim(value: string): string {
  return value.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "");
}

/**
 * A device from parts of the machine; placeholders and empty parts are dropped.
 *
 * @param product the product's code, the salt of the hashes
 * @param parts by name: the first that identifies the machine is the fingerprint, all are components. Put first what stays
 *   the same for every user of the machine
 * @throws Error when no part identifies the machine
 */
export async function deviceOf(product: string, parts: Record<string, string | null>): Promise<Device> {
  const components: Record<string, string> = {};
  for (const [name, value] of Object.entries(parts)) {
    if (value === null || isPlaceholder(value)) continue;
    components[name] = toHex(await sha256(`${product}\n${name}\n${trim(value)}`)).slice(0, 32);
  }
  const [first] = Object.values(components);
  if (first === undefined) {
    throw new Error("No part identifies this machine. Give a fingerprint of your own.");
  }
  return { fingerprint: toHex(await sha256(`${product}\nfingerprint\n${first}`)), components };
}
