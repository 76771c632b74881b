package io.latchkey;

import io.latchkey.internal.client.Meters;
import java.time.Duration;
import java.time.Instant;

/** Metered use: units are counted at once, or reserved for work that may fail. Each call waits for the network. */
public final class Usage {
    private final Meters meters;

    Usage(Meters meters) {
        this.meters = meters;
    }

    /**
     * A meter after a call.
     *
     * @param id two answers with the same id are one count; null: none
     * @param used in this period
     * @param reserved and not yet counted
     * @param limit null: no limit
     * @param remaining null: no limit
     * @param reservation the id of what was reserved; null: nothing
     * @param expiresAt when the reservation ends; null: nothing was reserved
     */
    public record Meter(String id, long used, long reserved, Long limit, Long remaining, String reservation,
            Instant expiresAt) {}

    /**
     * Counts units: all of them or none.
     *
     * @param meter its name
     * @param amount units
     * @return the meter
     * @throws LatchkeyException {@code USAGE_LIMIT_REACHED} and others
     */
    public Meter increment(String meter, long amount) {
        return meters.use("increment", meter, amount, null);
    }

    /**
     * Holds units for a while.
     *
     * @param meter its name
     * @param amount units
     * @param ttl how long; whole seconds
     * @return the meter with the reservation
     * @throws LatchkeyException {@code USAGE_LIMIT_REACHED} and others
     */
    public Meter reserve(String meter, long amount, Duration ttl) {
        return meters.use("reserve", meter, amount, ttl);
    }

    /**
     * Counts all that was reserved.
     *
     * @param reservation its id
     * @return the meter
     * @throws LatchkeyException {@code RESERVATION_ENDED} and others
     */
    public Meter commit(String reservation) {
        return meters.settle("commit", reservation, null);
    }

    /**
     * Counts a part of what was reserved, and gives back the rest.
     *
     * @param reservation its id
     * @param amount units
     * @return the meter
     * @throws LatchkeyException {@code RESERVATION_ENDED} and others
     */
    public Meter commit(String reservation, long amount) {
        return meters.settle("commit", reservation, amount);
    }

    /**
     * Gives back what was reserved.
     *
     * @param reservation its id
     * @return the meter
     * @throws LatchkeyException {@code RESERVATION_ENDED} and others
     */
    public Meter release(String reservation) {
        return meters.settle("release", reservation, null);
    }
}
