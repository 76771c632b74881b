// Email addresses: the one rule by which they are accepted, stored and compared, everywhere. Who can be created can sign
// in. The panel's forms use it as well, so it imports nothing that a browser lacks.
import punycode from "punycode";

/** The longest address; octets (RFC 5321, section 4.5.3.1.3, less the angle brackets). */
export const MAX_EMAIL_LENGTH = 254;
/** The longest local part; characters, all of them ASCII (RFC 5321, section 4.5.3.1.1). */
const MAX_LOCAL_LENGTH = 64;

/** What copying adds and cannot be seen: soft hyphen, zero-width space, marks of direction, word joiner, BOM. */
const invisible = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * Characters of atoms (RFC 5322, section 3.2.3), with dots anywhere, as some providers have given out. Quoted local parts
 * are refused, because mail programs disagree about their reader; those beyond ASCII as well, because most mail services
 * do not send to them (SMTPUTF8, RFC 6531), and an account that gets no mail cannot be recovered.
 */
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/i;
/** Characters of domains; which of those beyond ASCII are allowed is decided by UTS 46. */
// deno-lint-ignore no-control-regex
const domain = /^(?:[a-z0-9.-]|[^\x00-\x7f\p{C}\p{Z}]|[\u200c\u200d])+$/iu;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The domain in A-labels, "xn--…" (UTS 46, as the URL standard applies it); null when it is no domain of mail. */
function asciiDomain(text: string): string | null {
  if (!domain.test(text) || !URL.canParse(`http://${text}`)) return null;
  const ascii = new URL(`http://${text}`).hostname;
  const labels = ascii.split(".");
  const isName = labels.every((part) => label.test(part)) && !/^\d*$/.test(labels.at(-1)!);
  return isName && (labels.length > 1 || ascii === "localhost") ? ascii : null;
}

/**
 * An email address as it is stored and shown: without blanks around it, what cannot be seen, and a final dot; its domain in
 * lower case and in the letters of its language (U-labels), the same for every spelling of it.
 *
 * @returns null when it is not an address that mail can be sent to
 */
export function parseEmail(text: string): string | null {
  if (text.length > 1000 || !text.isWellFormed()) return null;
  const typed = text.replace(invisible, "").normalize("NFC").trim().replace(/\.$/, "");
  const at = typed.lastIndexOf("@");
  const name = typed.slice(0, Math.max(at, 0));
  const ascii = asciiDomain(typed.slice(at + 1));
  if (ascii === null || !local.test(name)) return null;
  if (name.length > MAX_LOCAL_LENGTH || name.length + 1 + ascii.length > MAX_EMAIL_LENGTH) return null;
  return `${name}@${punycode.toUnicode(ascii)}`;
}

/** An address in the form that is stored. Text that is no address stays, and equals none. */
export function storedEmail(text: string): string {
  return parseEmail(text) ?? text.trim();
}

/** The form in which addresses are compared, and accounts of users are stored: in lower case. */
export function foldEmail(text: string): string {
  return storedEmail(text).toLowerCase();
}

/** Text with what looks like an email address replaced, such as the answer of a mail server, which often repeats it. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>]+@[^\s<>]+/g, "address");
}
