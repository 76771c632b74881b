package io.latchkey.internal.client;

import io.latchkey.RetryPolicy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** When a call is repeated: after network errors, 429 and 503, with growing delays; never after a refusal. */
public final class Retry {
    private static final Pattern SECONDS = Pattern.compile("\\s*([0-9]{1,10})\\s*");
    private static final Pattern WEEKDAY = Pattern.compile("^\\s*[A-Za-z]+,\\s*");

    private Retry() {}

    /**
     * The delay before the next attempt.
     *
     * <p>It doubles with each attempt, up to the longest. Of it a random share between a half and the whole is waited, so that
     * many apps do not call at the same moment; and never less than the server asks for.
     *
     * @param status of the HTTP answer; 0 when the server was not reached
     * @param retryAfter the header; null when there is none
     * @param attempt how many calls were made
     * @param random from 0 to 1
     * @param now seconds since 1970, for a Retry-After that is a date
     * @param policy how often and how long
     * @return seconds; empty: the call is not repeated
     */
    public static OptionalDouble delay(int status, String retryAfter, int attempt, double random, double now,
            RetryPolicy policy) {
        if (status != 0 && status != 429 && status != 503 || attempt >= policy.attempts()) return OptionalDouble.empty();
        double asked = Math.max(0, retryAfter(retryAfter, now).orElse(0));
        if (asked > seconds(policy.longestWait())) return OptionalDouble.empty();
        double longest = Math.min(seconds(policy.longestDelay()), seconds(policy.firstDelay()) * Math.pow(2, attempt - 1));
        return OptionalDouble.of(Math.max(asked, longest * (0.5 + random / 2)));
    }

    /**
     * The seconds of a Retry-After, which is a number or a date.
     *
     * @param header null: there is none
     * @param now seconds since 1970
     * @return empty when it is neither
     */
    static OptionalDouble retryAfter(String header, double now) {
        if (header == null) return OptionalDouble.empty();
        var seconds = SECONDS.matcher(header);
        if (seconds.matches()) return OptionalDouble.of(Long.parseLong(seconds.group(1)));
        try {
            String date = WEEKDAY.matcher(header).replaceFirst("").strip();
            Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            return OptionalDouble.of(Math.max(0, at.getEpochSecond() - now));
        } catch (DateTimeException error) {
            return OptionalDouble.empty();
        }
    }

    static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
