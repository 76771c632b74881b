// What a file is, by its first bytes. Names and media types are not looked at: people rename files, and browsers send
// what the system knows.
import { refuseFile } from "./file_problem.ts";

/** A container or text; which workbook a ZIP file is, its parts say. */
export type Container = "zip" | "biff" | "text";

const signatures: [bytes: number[], container: Container | "other"][] = [
  [[0x50, 0x4b, 0x03, 0x04], "zip"],
  [[0x50, 0x4b, 0x05, 0x06], "zip"],
  // Compound File Binary Format: .xls, but also .doc, .msg and encrypted .xlsx.
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "biff"],
  // A BIFF stream without a container: Excel 2 to 4.
  [[0x09, 0x00, 0x04, 0x00], "biff"],
  [[0x09, 0x02, 0x06, 0x00], "biff"],
  [[0x09, 0x04, 0x06, 0x00], "biff"],
  [[0x09, 0x08], "biff"],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], "other"], // PDF
  [[0x89, 0x50, 0x4e, 0x47], "other"],
  [[0xff, 0xd8, 0xff], "other"], // JPEG
  [[0x47, 0x49, 0x46, 0x38], "other"], // GIF
  [[0x1f, 0x8b], "other"], // gzip
  [[0x37, 0x7a, 0xbc, 0xaf], "other"], // 7z
  [[0x52, 0x61, 0x72, 0x21], "other"], // RAR
  [[0x7f, 0x45, 0x4c, 0x46], "other"], // ELF
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], "other"], // SQLite
];

/**
 * Tells a workbook from text.
 *
 * @throws FileRefusal `empty`, `other_format`, `encrypted`
 */
export function detectContainer(bytes: Uint8Array): Container {
  if (bytes.length === 0) refuseFile("empty");
  const found = signatures.find(([signature]) => signature.every((byte, at) => bytes[at] === byte));
  if (!found) return "text";
  if (found[1] === "other") refuseFile("other_format");
  if (bytes[0] === 0xd0) assertWorkbookInContainer(bytes);
  return found[1];
}

/** Whether a file is a workbook, if it is a table at all. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return signatures.some(([signature, container]) =>
    (container === "zip" || container === "biff") && signature.every((byte, at) => bytes[at] === byte)
  );
}

/** The directory of a compound file names its streams in UTF-16LE. */
function assertWorkbookInContainer(bytes: Uint8Array): void {
  if (contains(bytes, "EncryptedPackage") || contains(bytes, "EncryptionInfo")) refuseFile("encrypted");
  if (!contains(bytes, "Workbook") && !contains(bytes, "Book")) refuseFile("other_format");
}

function contains(bytes: Uint8Array, name: string): boolean {
  const wanted = Uint8Array.from([...name].flatMap((character) => [character.charCodeAt(0), 0]));
  for (let at = bytes.indexOf(wanted[0]); at !== -1; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/**
 * Refuses a web page or other markup, which programs save under the names of workbooks.
 *
 * @throws FileRefusal `web_page`
 */
export function assertNoMarkup(text: string): void {
  const beginning = text.slice(0, 2000).trimStart();
  if (/^<(?:!doctype|html|head|meta|body|table|\?xml|script|style|div|svg)\b/i.test(beginning)) {
    refuseFile("web_page");
  }
}
