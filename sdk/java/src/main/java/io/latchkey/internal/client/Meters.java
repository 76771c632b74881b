package io.latchkey.internal.client;

import io.latchkey.Usage.Meter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Calls about metered use. */
public final class Meters {
    private final ClientCore core;

    /**
     * The meters of a client.
     *
     * @param core the client
     */
    public Meters(ClientCore core) {
        this.core = core;
    }

    /**
     * Counts or reserves.
     *
     * @param name of the call
     * @param meter its name
     * @param amount units
     * @param ttl of a reservation; null: it is none
     * @return the meter
     */
    public Meter use(String name, String meter, long amount, Duration ttl) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("license_key", core.licenseKey());
        body.put("hardware_hash", core.settings.device().fingerprint());
        body.put("app_version", core.settings.app().version());
        body.put("meter", Objects.requireNonNull(meter, "meter"));
        body.put("amount", amount);
        body.put("ttl", ttl == null ? null : ttl.getSeconds());
        return post(name, body);
    }

    /**
     * Counts or gives back a reservation.
     *
     * @param name of the call
     * @param reservation its id
     * @param amount units; null: all
     * @return the meter
     */
    public Meter settle(String name, String reservation, Long amount) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reservation", Objects.requireNonNull(reservation, "reservation"));
        body.put("amount", amount);
        return post(name, body);
    }

    private Meter post(String name, Map<String, Object> body) {
        return core.apart(call -> {
            Map<String, Object> answer = call.change("/api/license/usage/" + name, body);
            return new Meter(Answers.text(answer, "id"), Answers.number(answer, "used", false),
                    Answers.number(answer, "reserved", false), Answers.number(answer, "limit", true),
                    Answers.number(answer, "remaining", true), Answers.text(answer, "reservation"),
                    Answers.time(answer, "expires_at"));
        });
    }
}
