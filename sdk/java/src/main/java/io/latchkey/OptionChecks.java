package io.latchkey;

import io.latchkey.internal.format.Jws;
import io.latchkey.internal.format.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;

/** Checks of the options of a client, which are refused with a message that names them. */
final class OptionChecks {
    private OptionChecks() {}

    /** Refuses a key that is none, or that anyone can sign with. */
    static void publicKey(PublicKey key) {
        try {
            Jws.bytesOf(key);
        } catch (Refusal refusal) {
            throw new IllegalArgumentException("The option publicKeys is wrong. " + refusal.getMessage());
        }
    }

    /** The address of a server without a slash at the end. */
    static String url(String url) {
        boolean isAddress = false;
        try {
            URI uri = new URI(url == null ? "" : url);
            isAddress = ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
                    && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null
                    && uri.getUserInfo() == null;
        } catch (URISyntaxException error) {
            // Below.
            isAddress = false;
        }
        require(isAddress, "url", "the address of the license server, such as https://licenses.example.com");
        int end = url.length();
        while (url.charAt(end - 1) == '/') end--;
        return url.substring(0, end);
    }

    /** Whether a text is a day of the calendar, {@code YYYY-MM-DD}. */
    static boolean isDay(String text) {
        try {
            return LocalDate.parse(text).toString().equals(text) && text.length() == 10;
        } catch (DateTimeException error) {
            return false;
        }
    }

    /** Refuses a duration below zero, or zero itself. */
    static void duration(Duration duration, String name, boolean isPositive) {
        boolean isGood = duration != null && !duration.isNegative() && !(isPositive && duration.isZero())
                && duration.compareTo(Duration.ofDays(36_500)) <= 0;
        require(isGood, name, isPositive ? "a duration above zero" : "a duration, not negative");
    }

    /** Refuses an option unless a condition holds. */
    static void require(boolean condition, String name, String form) {
        if (!condition) throw new IllegalArgumentException("The option " + name + " has to be " + form + ".");
    }
}
