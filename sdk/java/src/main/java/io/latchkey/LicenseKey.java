package io.latchkey;

import io.latchkey.internal.format.PastedKey;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A license key that was typed or pasted.
 *
 * @param text without what pasting added; this is sent
 * @param canonical equal for keys that count as the same in any case
 * @param checksumMismatch whether it has the form of a generated key but a wrong check character: mistyped, or imported by the
 *     vendor
 */
public record LicenseKey(String text, String canonical, boolean checksumMismatch) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    /** The value of each well-formed key at the generator of GF(32), as a polynomial. */
    private static final int CHECKSUM = 15;

    private static final Pattern LONE_SURROGATE =
            Pattern.compile("[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    private static final Pattern UUID = Pattern.compile("[0-9A-F]{32}");
    private static final Pattern GENERATED = Pattern.compile("[0-9A-Z]{16}");

    /**
     * Reads a key.
     *
     * @param typed as it was typed or pasted: with quotes, blanks, line breaks and any dashes
     * @return null when it can be none: shorter than 6 or longer than 255 characters, or with control characters
     */
    public static LicenseKey read(String typed) {
        Objects.requireNonNull(typed, "typed");
        if (typed.length() > PastedKey.MAX_PASTED_LENGTH || LONE_SURROGATE.matcher(typed).find()) return null;
        String text = PastedKey.clean(typed);
        String key = text.replace(" ", "");
        if (text.length() < 6 || text.length() > 255 || CONTROL.matcher(key).find()) return null;
        String upper = key.toUpperCase(Locale.ROOT);
        String undashed = upper.replaceFirst("^URN:UUID:\\{?", "").replace("-", "");
        if (UUID.matcher(undashed).matches()) return new LicenseKey(text, undashed, false);
        String compact = undashed.replace('O', '0').replace('I', '1').replace('L', '1');
        if (!GENERATED.matcher(compact).matches()) return new LicenseKey(text, upper, false);
        // U is the only other letter that base 32 lacks.
        boolean isMistyped = compact.contains("U") || checksum(compact) != CHECKSUM;
        return new LicenseKey(text, compact, isMistyped);
    }

    private static int checksum(String key) {
        int value = 0;
        for (char character : key.toCharArray()) {
            int doubled = value << 1;
            value = ((doubled & 32) != 0 ? doubled ^ 0b100101 : doubled) ^ ALPHABET.indexOf(character);
        }
        return value;
    }
}
