package io.latchkey;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and how long calls are repeated after network errors, 429 and 503. Refusals are never repeated.
 *
 * @param attempts calls in all; 1: none is repeated
 * @param firstDelay before the second call; each further delay is twice the one before
 * @param longestDelay the longest delay
 * @param longestWait the longest Retry-After that is waited for; after a longer one the call fails at once
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay, Duration longestWait) {
    /** Five calls, with delays of 1, 2, 4 and 8 seconds, or less by chance; a Retry-After of up to a minute. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

    /**
     * A policy.
     *
     * @param attempts from 1 to 100
     * @param firstDelay not negative
     * @param longestDelay not negative
     * @param longestWait not negative
     * @throws IllegalArgumentException when there is no attempt, more than 100, or a negative duration
     */
    public RetryPolicy {
        if (attempts < 1 || attempts > 100) throw new IllegalArgumentException("There are 1 to 100 attempts.");
        for (Duration duration : new Duration[] {firstDelay, longestDelay, longestWait}) {
            if (Objects.requireNonNull(duration, "duration").isNegative()) {
                throw new IllegalArgumentException("A delay is not negative.");
            }
        }
    }

    /**
     * The same policy with another number of attempts.
     *
     * @param attempts calls in all, from 1 to 100
     * @return the policy
     */
    public RetryPolicy withAttempts(int attempts) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestWait);
    }
}
