// What identifies a machine under Linux, macOS and Windows, as far as programs may read it without rights of an administrator.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import process from "node:process";
import type { Device } from "../device.ts";
import { deviceOf } from "../fingerprint.ts";

/** The device of this machine. @param product the product's code */
export async function machineDevice(product: string): Promise<Device> {
  return await deviceOf(product, { system: await systemId(), ...await hardware(), mac: networkAddress() });
}

/** The id that the installation of the system has. */
async function systemId(): Promise<string | null> {
  switch (process.platform) {
    case "linux":
      return await read("/etc/machine-id") ?? await read("/var/lib/dbus/machine-id");
    case "darwin":
      return await match("ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"], /"IOPlatformUUID" = "([^"]+)"/);
    case "win32":
      return await match(
        "reg",
        ["query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid"],
        /REG_SZ\s+(\S+)/,
      );
    default:
      return null;
  }
}

async function hardware(): Promise<Record<string, string | null>> {
  switch (process.platform) {
    case "linux":
      return {
        board: await read("/sys/class/dmi/id/board_serial") ??
          await read("/sys/class/dmi/id/board_asset_tag"),
      };
    case "darwin":
      return {
        board: await match(
          "ioreg",
          ["-rd1", "-c", "IOPlatformExpertDevice"],
          /"IOPlatformSerialNumber" = "([^"]+)"/,
        ),
      };
    case "win32":
      return {
        board: await match("wmic", ["baseboard", "get", "serialnumber"], /SerialNumber\s+(\S[^\r\n]*)/),
      };
    default:
      return {};
  }
}

/** The address of the first network card that is built in: not one that was made up, whose second bit is set. */
function networkAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((cards) => cards ?? []);
  const addresses = all.filter(({ internal, mac }) => !internal && (parseInt(mac.slice(0, 2), 16) & 2) === 0)
    .map(({ mac }) => mac);
  return addresses.sort()[0] ?? null;
}

async function read(path: string): Promise<string | null> {
  return await readFile(path, "utf8").then((text) => text.trim() || null, () => null);
}

function match(program: string, args: string[], pattern: RegExp): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 5000, windowsHide: true }, (_, output) => {
      resolve(String(output).match(pattern)?.[1].trim() ?? null);
    });
  });
}
