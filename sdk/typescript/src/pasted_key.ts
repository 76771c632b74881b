// License keys as people paste them: from mail, PDF, chat and word processors, which change dashes, wrap lines, and add
// quotes and characters that cannot be seen.

/** How long text that holds a key may be; the key itself has at most 255 characters. UTF-16 units. */
export const MAX_PASTED_LENGTH = 1000;

/** What cannot be seen: format characters (soft hyphen, zero-width space, BOM), others to be ignored, and Word's U+001F. */
// deno-lint-ignore no-control-regex
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u001f]/gu;

/** A line break, with the marks of quotation that mail programs put before the next line. */
const lineBreak = /[\r\n\v\f\u0085\u2028\u2029]+[\t \u00a0]*(?:[>|][\t \u00a0]*)*/g;

/** Full-width forms, "ＡＢＣ－１２３", of the characters from "!" to "~". */
const fullWidth = /[\uff01-\uff5e]/g;

/** Digits of Arabic and Persian keyboards. */
const arabicDigits = /[\u0660-\u0669\u06f0-\u06f9]/g;

/**
 * Dashes: Unicode's Dash_Punctuation, and what else is typed or printed for one: hyphen bullet, minus signs, box drawings,
 * the long vowel mark of Japanese keyboards, and U+001E, the non-breaking hyphen of Word in plain text.
 */
// deno-lint-ignore no-control-regex
const dashes = /[\p{Pd}\u02d7\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30fc\uff70\u001e]/gu;

/** Quotes, brackets, bullets and the marks for quoted lines and bold text before a key. */
const opening = /^(?:[\p{Pi}\p{Pf}\p{Ps}"'`\u00b4<>|*\u2022\u00b7]|\s)+/u;
/** The same after a key, and the punctuation of the sentence it was in. */
const closing = /(?:[\p{Pi}\p{Pf}\p{Ps}\p{Pe}"'`\u00b4>*.,;:\u3001\u3002]|\s)+$/u;

/** What apps send nearly always, and what cleaning would not change. */
const ordinary = /^[0-9A-Za-z-]*$/;

/**
 * A key without what pasting added: dashes are "-", full-width characters ordinary ones; invisible characters and line
 * breaks are removed, other white space is one blank; quotes, brackets and punctuation around it are removed. Case and
 * all other characters stay. Cleaning twice changes nothing.
 */
export function cleanKey(text: string): string {
  if (ordinary.test(text)) return text;
  return text.replace(invisible, "").replace(lineBreak, "")
    .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(arabicDigits, (digit) => String(digit.charCodeAt(0) & 15))
    // Programs that change case by Turkish rules make dotted capital and dotless small I. Decomposed, a dot is U+0307.
    .normalize("NFD").replace(/\u0131/g, "i").replace(/([Ii])\u0307+/g, "$1").normalize("NFC")
    .replace(dashes, "-").replace(/\s+/g, " ")
    .replace(opening, "").replace(closing, "");
}
