// The device: how a license file recognises it, by its fingerprint or by enough of its components.
import { encodeBytes, sha256 } from "./encoding.ts";

/** What an app sends of its device. */
export interface Device {
  /** At most 255 characters. */
  fingerprint: string;
  /** Hashed parts by name, such as board, disk and mac. */
  components?: Record<string, string>;
}

/** How a license file recognises its device: salted hashes. */
export interface DeviceClaims {
  /** How many of the components have to be the same where the fingerprint is another one. */
  match: "exact" | "any" | "two" | "most" | "all";
  salt: string;
  fingerprint: string;
  components: Record<string, string>;
}

/** Whether a file is for a device. */
export async function isDevice(claims: DeviceClaims, device: Device): Promise<boolean> {
  const hash = async (name: string, value: string) =>
    encodeBytes(await sha256(`${claims.salt}\n${name}\n${value}`));
  if (await hash("fingerprint", device.fingerprint) === claims.fingerprint) return true;
  const own = device.components ?? {};
  const stored = Object.entries(claims.components);
  let same = 0;
  for (const [name, digest] of stored) {
    if (Object.hasOwn(own, name) && await hash(`component ${name}`, own[name]) === digest) same++;
  }
  switch (claims.match) {
    case "exact":
      return false;
    case "any":
      return same >= 1;
    case "two":
      return same >= 2;
    case "most":
      return same * 2 > stored.length;
    case "all":
      return same >= 1 && same === stored.length;
  }
}
