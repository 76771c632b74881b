package io.latchkey.internal.format;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * License keys as people paste them: from mail, PDF, chat and word processors, which change dashes, wrap lines, and add quotes
 * and characters that cannot be seen.
 */
public final class PastedKey {
    /** How long text that holds a key may be; the key itself has at most 255 characters. UTF-16 units. */
    public static final int MAX_PASTED_LENGTH = 1000;

    /** What cannot be seen: format characters, Default_Ignorable_Code_Point, which Java lacks, U+2800, and Word's U+001F. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\u2800\\u001f\\u00ad\\u034f\\u061c\\u0890\\u0891"
            + "\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f"
            + "\\ufeff\\uffa0\\ufff0-\\ufff8\\x{13430}-\\x{1343f}\\x{1bca0}-\\x{1bca3}\\x{1d173}-\\x{1d17a}"
            + "\\x{e0000}-\\x{e0fff}]");
    /** A line break, with the marks of quotation that mail programs put before the next line. */
    private static final Pattern LINE_BREAK =
            Pattern.compile("[\\r\\n\\x0b\\f\\u0085\\u2028\\u2029]++[\\t \\u00a0]*+(?:[>|][\\t \\u00a0]*+)*+");
    /** Full-width forms of the characters from "!" to "~". */
    private static final Pattern FULL_WIDTH = Pattern.compile("[\\uff01-\\uff5e]");
    /** Digits of Arabic and Persian keyboards. */
    private static final Pattern ARABIC_DIGITS = Pattern.compile("[\\u0660-\\u0669\\u06f0-\\u06f9]");
    /** Dashes, and what else is typed or printed for one: minus signs, box drawings, the long vowel mark, Word's U+001E. */
    private static final Pattern DASHES = Pattern.compile(
            "[\\p{Pd}\\u02d7\\u2043\\u207b\\u208b\\u2212\\u2500\\u2501\\u2796\\u30fc\\uff70\\u001e]");
    private static final Pattern SPACES = Pattern.compile("[" + Spaces.CLASS + "]+");
    /** Quotes, brackets, bullets and the marks for quoted lines and bold text before a key. */
    private static final Pattern OPENING = Pattern.compile(
            "^[\\p{Pi}\\p{Pf}\\p{Ps}\"'`\\u00b4<>|*\\u2022\\u00b7" + Spaces.CLASS + "]+");
    /** The same after a key, and the punctuation of the sentence it was in. */
    private static final Pattern CLOSING = Pattern.compile(
            "[\\p{Pi}\\p{Pf}\\p{Ps}\\p{Pe}\"'`\\u00b4>*.,;:\\u3001\\u3002" + Spaces.CLASS + "]+\\z");
    /** What apps send nearly always, and what cleaning would not change. */
    private static final Pattern ORDINARY = Pattern.compile("[0-9A-Za-z-]*");
    /** Programs that change case by Turkish rules make dotted capital and dotless small I. Decomposed, a dot is U+0307. */
    private static final Pattern DOTTED = Pattern.compile("([Ii])\\u0307+");

    private PastedKey() {}

    /**
     * A key without what pasting added: dashes are "-", full-width characters ordinary ones; invisible characters and line
     * breaks are removed, other white space is one blank; quotes, brackets and punctuation around it are removed. Case and all
     * other characters stay. Cleaning twice changes nothing.
     *
     * @param pasted the text
     * @return the key
     */
    public static String clean(String pasted) {
        if (ORDINARY.matcher(pasted).matches()) return pasted;
        String text = LINE_BREAK.matcher(INVISIBLE.matcher(pasted).replaceAll("")).replaceAll("");
        text = FULL_WIDTH.matcher(text).replaceAll(
                found -> java.util.regex.Matcher.quoteReplacement(Character.toString(found.group().charAt(0) - 0xfee0)));
        text = ARABIC_DIGITS.matcher(text).replaceAll(found -> String.valueOf(found.group().charAt(0) & 15));
        text = Normalizer.normalize(text, Normalizer.Form.NFD).replace('\u0131', 'i');
        text = Normalizer.normalize(DOTTED.matcher(text).replaceAll("$1"), Normalizer.Form.NFC);
        text = SPACES.matcher(DASHES.matcher(text).replaceAll("-")).replaceAll(" ");
        return CLOSING.matcher(OPENING.matcher(text).replaceFirst("")).replaceFirst("");
    }
}
