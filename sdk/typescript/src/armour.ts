// The text form of a license file, which survives e-mail and clipboards: base64url in lines between two markers.
import { utf8 } from "./encoding.ts";
import { InvalidTextError } from "./errors.ts";

const BEGIN = "-----BEGIN LATCHKEY LICENSE-----";
const END = "-----END LATCHKEY LICENSE-----";
/** A longer text is no license file; bytes. */
const MAX_LENGTH = 65_536;

/** The JWS or JWE in the text of a license file. @throws InvalidTextError */
export function contentOfFile(text: string): string {
  if (text.length > MAX_LENGTH || utf8(text).length > MAX_LENGTH) {
    throw new InvalidTextError("malformed", "The text is too long for a license file.");
  }
  const begin = text.indexOf(BEGIN);
  const end = begin < 0 ? -1 : text.indexOf(END, begin + BEGIN.length);
  if (end < 0) throw new InvalidTextError("malformed", "The text has no license file, or not all of it.");
  return text.slice(begin + BEGIN.length, end).replace(/[ \t\r\n]/g, "");
}
