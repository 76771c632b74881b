package io.latchkey.internal.format;

import java.util.Set;
import java.util.regex.Pattern;

/** What firmware and virtual machines say where a serial number was left out. */
public final class Placeholders {
    /** Without case, blanks and punctuation. */
    private static final Set<String> KNOWN = Set.of(
            "notspecified", "notpresent", "notsettable", "notavailable", "notapplicable", "none", "null", "na", "unknown",
            "undefined", "invalid", "oem", "default", "defaultstring", "tobefilledbyoem", "tobefilled", "systemserialnumber",
            "serialnumber", "baseboardserialnumber", "boardserialnumber", "chassisserialnumber", "noassettag", "assettag",
            "generic", "virtualmachine", "03000200040005000006000700080009", "00020003000400050006000700080009",
            "uninitialized");
    /** What is in ASCII no letter or digit. */
    private static final Pattern PUNCTUATION = Pattern.compile("[\\x00-\\x7f&&[^0-9A-Za-z]]");
    private static final Pattern REPEATED = Pattern.compile("0*|f{4,}|x{3,}|([0-9a-z])\\1{7,}|0*1?2?3456789[0-9]*");
    private static final Pattern BLANKS = Pattern.compile("^[ \\t\\n\\x0b\\f\\r]+|[ \\t\\n\\x0b\\f\\r]+\\z");

    private Placeholders() {}

    /**
     * Whether a value identifies no machine. It is compared without case and punctuation of ASCII; other characters stay as they
     * are, so that no tables of Unicode are needed in any language.
     *
     * @param value as the machine reports it
     * @return whether it is a placeholder
     */
    public static boolean isPlaceholder(String value) {
        StringBuilder lower = new StringBuilder(PUNCTUATION.matcher(value).replaceAll(""));
        for (int at = 0; at < lower.length(); at++) {
            char character = lower.charAt(at);
            if (character >= 'A' && character <= 'Z') lower.setCharAt(at, (char) (character + 32));
        }
        String folded = lower.toString();
        return KNOWN.contains(folded) || REPEATED.matcher(folded).matches();
    }

    /**
     * A value without the blanks of ASCII around it.
     *
     * @param value as the machine reports it
     * @return the value between
     */
    public static String trim(String value) {
        return BLANKS.matcher(value).replaceAll("");
    }
}
