// The request of an app that never has a network: text that is carried to a computer with one, and comes back as a license file.
import type { Device } from "./device.ts";
import { encodeBytes, sha256, utf8 } from "./encoding.ts";

export interface OfflineRequest {
  licenseKey: string;
  device: Device;
  deviceName?: string;
  version?: string;
  /** Whether the file is to be one that only this device can read. */
  encrypt?: boolean;
  /** Seconds since 1970. */
  createdAt?: number;
}

const LINE = 64;

/** The text of a request, which survives e-mail and a QR code. */
export async function writeOfflineRequest(request: OfflineRequest): Promise<string> {
  const json = JSON.stringify({
    license_key: request.licenseKey,
    hardware_hash: request.device.fingerprint,
    components: request.device.components,
    machine_name: request.deviceName,
    app_version: request.version,
    encrypt: request.encrypt,
    created_at: request.createdAt,
  });
  // With the check, text that was cut or mistyped is found.
  const check = encodeBytes((await sha256(json)).slice(0, 6));
  const lines = `${encodeBytes(utf8(json))}.${check}`.match(new RegExp(`.{1,${LINE}}`, "g"))!;
  return ["-----BEGIN LATCHKEY REQUEST-----", ...lines, "-----END LATCHKEY REQUEST-----", ""].join("\n");
}
