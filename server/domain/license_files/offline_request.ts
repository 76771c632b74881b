// The request that an app without a network makes for a license file: text that survives e-mail and a QR code. It is the armour
// of license files around JSON and a check, which finds text that was cut or mistyped.
import { createHash } from "node:crypto";
import type { Components } from "../activations/components.ts";
import { type OfflineRequestProblem, refuse } from "../errors.ts";
import type { Metadata } from "../metadata.ts";
import { locateUnstorable } from "../text.ts";
import { MAX_REQUEST_LENGTH } from "./inputs.ts";

/** What an app asks for. */
export interface OfflineRequest {
  /** The license key and the fingerprint as the app has them. */
  licenseKey: string;
  hardwareId: string;
  components: Components | null;
  machineName: string | null;
  appVersion: string | null;
  metadata: Metadata | null;
  /** Whether the file is to be encrypted for the device. */
  isEncrypted: boolean;
  createdAt: Date | null;
}

/** Bytes of SHA-256 that the check has. */
const CHECK_BYTES = 6;

/** Mail programs and word processors change dashes and blanks of the marker lines. */
const markers = /[\p{Pd}\u2212]{1,5}\s*(BEGIN|END)\s+LATCHKEY\s+(REQUEST|LICENSE)\s*[\p{Pd}\u2212]{1,5}/giu;
/** What pasting adds: white space and its HTML entity, marks of quotation at the beginning of lines, characters that are not visible. */
const added = /&nbsp;|[\s>|]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/giu;

/**
 * The JSON of an offline request, from text that may have more before and after it. A request that is there twice, as in a
 * reply below which the mail is quoted, counts once.
 *
 * @throws DomainError `OFFLINE_REQUEST_INVALID`
 */
export function readRequestText(text: string): Record<string, unknown> {
  const contents = [...new Set(contentsOf(text))];
  if (contents.length > 1) refuseRequest("several");
  const value = decodeContent(contents[0]);
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuseRequest("unreadable");
  if (locateUnstorable(value)) refuseRequest("unreadable");
  return value as Record<string, unknown>;
}

export function refuseRequest(reason: OfflineRequestProblem, field?: string): never {
  refuse("OFFLINE_REQUEST_INVALID", field === undefined ? { reason } : { reason, field });
}

/** What is between each pair of markers. */
function contentsOf(text: string): string[] {
  const found = [...text.matchAll(markers)].map(({ 0: marker, 1: place, 2: kind, index }) => ({
    isBegin: place.toUpperCase() === "BEGIN",
    isRequest: kind.toUpperCase() === "REQUEST",
    index,
    end: index + marker.length,
  }));
  const requests = found.filter(({ isRequest }) => isRequest);
  if (requests.length === 0) refuseRequest(found.length > 0 ? "license_file" : "not_found");
  const contents = requests.flatMap(({ isBegin, end }, index) => {
    if (!isBegin) return requests[index - 1]?.isBegin ? [] : refuseRequest("incomplete");
    const next = requests[index + 1];
    return next && !next.isBegin ? text.slice(end, next.index) : refuseRequest("incomplete");
  });
  return contents.map((content) => content.replace(added, ""));
}

function decodeContent(content: string): unknown {
  if (content.length > MAX_REQUEST_LENGTH) refuseRequest("too_long");
  const [encoded, check, ...more] = content.split(".");
  if (check === undefined || more.length > 0) refuseRequest("incomplete");
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.fromBase64(encoded, { alphabet: "base64url" });
  } catch {
    return refuseRequest("incomplete");
  }
  const digest = new Uint8Array(createHash("sha256").update(bytes).digest().subarray(0, CHECK_BYTES));
  if (digest.toBase64({ alphabet: "base64url", omitPadding: true }) !== check) refuseRequest("incomplete");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuseRequest("unreadable");
  }
}
