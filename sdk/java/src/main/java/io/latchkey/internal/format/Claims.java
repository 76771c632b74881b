package io.latchkey.internal.format;

import io.latchkey.internal.json.JsonReader;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Checks of the types of claims. */
public final class Claims {
    /** The end of the year 9999; seconds since 1970. */
    public static final long LAST_SECOND = 253_402_300_799L;

    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    static final Predicate<Object> TEXT = value -> value instanceof String;
    static final Predicate<Object> WHOLE = value -> value instanceof Long && (Long) value >= 0;
    static final Predicate<Object> TIME = value -> WHOLE.test(value) && (Long) value <= LAST_SECOND;
    static final Predicate<Object> DAY_OR_NULL =
            value -> value == null || value instanceof String && DAY.matcher((String) value).matches();
    static final Predicate<Object> OBJECT = value -> value instanceof Map;
    static final Predicate<Object> BOOLEAN = value -> value instanceof Boolean;

    private Claims() {}

    static Predicate<Object> orNull(Predicate<Object> check) {
        return value -> value == null || check.test(value);
    }

    /** An object with these members, each of its type; it may have others. */
    static Predicate<Object> members(Map<String, Predicate<Object>> checks) {
        return value -> {
            Map<String, Object> object = JsonReader.asObject(value);
            return object != null && checks.entrySet().stream().allMatch(
                    check -> object.containsKey(check.getKey()) && check.getValue().test(object.get(check.getKey())));
        };
    }

    /** Refuses claims that are missing or of another type. */
    static void require(Map<String, Object> claims, Map<String, Predicate<Object>> checks) throws Refusal {
        for (Map.Entry<String, Predicate<Object>> check : checks.entrySet()) {
            String name = check.getKey();
            if (!claims.containsKey(name) || !check.getValue().test(claims.get(name))) {
                throw new Refusal(Reason.MALFORMED, "The claim " + name + " is missing or wrong.");
            }
        }
    }
}
