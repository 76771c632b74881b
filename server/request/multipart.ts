// Parses a form of the media type multipart/form-data (RFC 7578, RFC 2046 section 5.1) that was received completely. It
// works on memory, so it always ends: stream parsers throw outside of any promise, or wait for ever, when a body is cut off.
import { Buffer } from "node:buffer";
import { refuseInput } from "./request_error.ts";

/** A part of a form. */
export interface FormPart {
  name: string;
  /** null for a field that is no file. */
  fileName: string | null;
  content: Uint8Array<ArrayBuffer>;
}

const MAX_PARTS = 32;
const MAX_HEADER_SIZE = 16 * 1024;
/** RFC 2046, section 5.1.1. */
const MAX_BOUNDARY_LENGTH = 70;

/**
 * Parses a form.
 *
 * @param type the media type with its boundary
 * @throws RequestError INVALID_REQUEST when it is not a form or was cut off
 */
export function parseMultipart(bytes: Uint8Array<ArrayBuffer>, type: string): FormPart[] {
  const boundary = boundaryOf(type);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  // The first delimiter needs no line break before it.
  const isFirst = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2));
  let at = isFirst ? delimiter.length - 2 : endOf(body, delimiter, 0);
  while (true) {
    if (at === -1) refuseForm("cut_off", "The form ended too early: its last boundary is missing.");
    if (body.toString("latin1", at, at + 2) === "--") return parts;
    const begin = body.indexOf("\r\n", at);
    const end = begin === -1 ? -1 : body.indexOf("\r\n\r\n", begin);
    if (end === -1) refuseForm("cut_off", "The form ended too early: a part has no content.");
    if (end - begin > MAX_HEADER_SIZE) {
      refuseForm("too_large", `The headers of a part are longer than ${MAX_HEADER_SIZE} bytes.`);
    }
    if (parts.length === MAX_PARTS) refuseForm("too_many", `A form has at most ${MAX_PARTS} parts.`);
    const next = body.indexOf(delimiter, end + 2);
    if (next === -1) refuseForm("cut_off", "The form ended too early: its last boundary is missing.");
    const content = bytes.subarray(Math.min(end + 4, next), next);
    parts.push({ ...dispositionOf(body.toString("utf8", begin, end)), content });
    at = next + delimiter.length;
  }
}

function endOf(body: Buffer, delimiter: Buffer, from: number): number {
  const found = body.indexOf(delimiter, from);
  return found === -1 ? -1 : found + delimiter.length;
}

function boundaryOf(type: string): string {
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s";]+))/i.exec(type);
  const boundary = found?.[1] ?? found?.[2];
  if (!boundary || boundary.length > MAX_BOUNDARY_LENGTH) {
    refuseForm("no_boundary", "The Content-Type needs a boundary: multipart/form-data; boundary=…");
  }
  return boundary;
}

/** The name of a part and of its file. Browsers write `%22` for a quote in either (WHATWG HTML, 4.10.21.8). */
function dispositionOf(headers: string): Pick<FormPart, "name" | "fileName"> {
  const line = headers.split("\r\n").find((line) => /^content-disposition\s*:/i.test(line)) ?? "";
  const name = parameterOf(line, "name");
  if (name === null) {
    refuseForm("no_name", 'A part of the form has no name: Content-Disposition: form-data; name="file"');
  }
  return { name, fileName: parameterOf(line, "filename") ?? (/;\s*filename\*=/i.test(line) ? "" : null) };
}

function parameterOf(line: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, "i").exec(line);
  if (!found) return null;
  return (found[1] ?? found[2]).replace(/\\(.)/g, "$1").replaceAll("%22", '"');
}

function refuseForm(reason: string, message: string): never {
  refuseInput({ field: "body", reason, message });
}
