// The requests of apps without a network on the wire: the names of their members, which are those of an activation.
import { z } from "zod";
import { components } from "../domain/activations/inputs.ts";
import { displayLine } from "../domain/input_fields.ts";
import {
  type OfflineRequest,
  readRequestText,
  refuseRequest,
} from "../domain/license_files/offline_request.ts";
import { metadata } from "../domain/metadata.ts";
import { safeParse } from "../domain/safe_parse.ts";
import { text } from "./fields.ts";

/** The last second that `Date` has in a year of four digits. */
const MAX_TIME = 253_402_300_799;

const members = z.object({
  license_key: z.string().min(1),
  hardware_hash: text(255),
  components,
  machine_name: displayLine(255),
  app_version: displayLine(64),
  metadata: metadata.nullish(),
  encrypt: z.boolean().nullish(),
  created_at: z.number().min(0).max(MAX_TIME).nullish(),
});

/**
 * Reads the request of an app. Members that are not known are ignored.
 *
 * @throws DomainError `OFFLINE_REQUEST_INVALID`
 */
export function readOfflineRequest(requestText: string): OfflineRequest {
  const parsed = safeParse(members, readRequestText(requestText));
  if (!parsed.success) refuseRequest("field", String(parsed.error.issues[0].path[0]));
  const request = parsed.data;
  return {
    licenseKey: request.license_key,
    hardwareId: request.hardware_hash,
    components: request.components ?? null,
    machineName: request.machine_name,
    appVersion: request.app_version,
    metadata: request.metadata ?? null,
    isEncrypted: request.encrypt ?? false,
    createdAt: typeof request.created_at === "number" ? new Date(request.created_at * 1000) : null,
  };
}
