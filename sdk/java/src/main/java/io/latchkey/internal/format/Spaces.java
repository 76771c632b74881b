package io.latchkey.internal.format;

/** White space as regular expressions of the other languages have it, which is more than Java's and not the same as strip(). */
public final class Spaces {
    /** The characters, to be used in a character class. */
    static final String CLASS =
            "\\t\\n\\x0b\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

    private static final String CHARACTERS = "\t\n\u000b\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff";

    private Spaces() {}

    /**
     * A text without white space around it.
     *
     * @param text any text
     * @return the text between
     */
    public static String trim(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && isSpace(text.charAt(begin))) begin++;
        while (end > begin && isSpace(text.charAt(end - 1))) end--;
        return text.substring(begin, end);
    }

    private static boolean isSpace(char character) {
        return CHARACTERS.indexOf(character) >= 0 || character >= '\u2000' && character <= '\u200a';
    }
}
