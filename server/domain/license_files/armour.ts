// The text form of a license file, which survives e-mail and clipboards: base64url in lines between two markers.
import { MAX_FILE_LENGTH } from "./inputs.ts";

const BEGIN = "-----BEGIN LATCHKEY LICENSE-----";
const END = "-----END LATCHKEY LICENSE-----";
const LINE = 64;

/** Writes a JWS or JWE as a license file. */
export function armour(content: string): string {
  const lines = content.match(new RegExp(`.{1,${LINE}}`, "g"))!;
  return [BEGIN, ...lines, END, ""].join("\n");
}

/** The JWS or JWE of a license file; null when the text is none. Blanks and line breaks do not matter. */
export function unarmour(text: string): string | null {
  if (text.length > MAX_FILE_LENGTH) return null;
  const begin = text.indexOf(BEGIN);
  const end = begin < 0 ? -1 : text.indexOf(END, begin + BEGIN.length);
  if (end < 0) return null;
  const content = text.slice(begin + BEGIN.length, end).replace(/[ \t\r\n]/g, "");
  return /^[\w-]*(?:\.[\w-]*){2,4}$/.test(content) ? content : null;
}
