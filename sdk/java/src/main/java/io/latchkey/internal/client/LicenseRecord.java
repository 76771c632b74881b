package io.latchkey.internal.client;

import io.latchkey.FileClaims;
import io.latchkey.internal.format.Claims;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import io.latchkey.internal.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * What is kept between runs, the same in all languages. All of it that decides is signed, so that an edited record is worth
 * nothing.
 *
 * @param licenseKey as it is sent to the server; null: not activated
 * @param file the license file; null: none
 * @param validation the last signed validation; null: none
 * @param refusal the code by which the server refused the license without a signature; null: none
 * @param trusted the latest trusted time; seconds since 1970
 * @param seq the greatest by activation
 * @param lists the latest {@code iat} by address of a status list
 * @param removed what was given back, by activation
 * @param list the latest status list of the file; null: none
 */
public record LicenseRecord(String licenseKey, String file, String validation, String refusal, long trusted,
        Map<String, Long> seq, Map<String, Long> lists, Map<String, Removed> removed, String list) {
    /** Nothing is kept. */
    static final LicenseRecord EMPTY =
            new LicenseRecord(null, null, null, null, 0, Map.of(), Map.of(), Map.of(), null);

    /**
     * What was given back.
     *
     * @param seq the greatest of its files
     * @param code the removal code
     */
    public record Removed(long seq, String code) {}

    /** Reads a record. What is damaged or of another type counts as not there. */
    static LicenseRecord read(String text) {
        Map<String, Object> given;
        try {
            given = JsonReader.readObject(text);
        } catch (JsonException error) {
            return EMPTY;
        }
        Map<String, Removed> removed = new LinkedHashMap<>();
        object(given, "removed").forEach((activation, value) -> {
            Map<String, Object> one = JsonReader.asObject(value);
            if (one != null && isWhole(one.get("seq")) && one.get("code") instanceof String) {
                removed.put(activation, new Removed((Long) one.get("seq"), (String) one.get("code")));
            }
        });
        long trusted = isTime(given.get("trusted")) ? (Long) given.get("trusted") : 0;
        return new LicenseRecord(text(given, "license_key"), text(given, "file"), text(given, "validation"),
                text(given, "refusal"), trusted, numbers(given, "seq", LicenseRecord::isWhole),
                numbers(given, "lists", LicenseRecord::isTime), removed,
                text(given, "list"));
    }

    /** Writes it as JSON. */
    String write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("format", 1L);
        members.put("license_key", licenseKey);
        members.put("file", file);
        members.put("validation", validation);
        members.put("refusal", refusal);
        members.put("trusted", trusted);
        members.put("seq", seq);
        members.put("lists", lists);
        Map<String, Object> given = new LinkedHashMap<>();
        removed.forEach((activation, one) -> given.put(activation, Map.of("seq", one.seq(), "code", one.code())));
        members.put("removed", given);
        members.put("list", list);
        return JsonWriter.write(members) + "\n";
    }

    /** The same with what another record has seen: the later time, the greater numbers. */
    LicenseRecord withSeen(LicenseRecord seen) {
        return new LicenseRecord(licenseKey, file, validation, refusal, Math.max(trusted, seen.trusted),
                merge(seq, seen.seq, Math::max), merge(lists, seen.lists, Math::max),
                merge(removed, seen.removed, (one, other) -> other.seq() > one.seq() ? other : one), list);
    }

    LicenseRecord withTrusted(long time) {
        return withSeen(new LicenseRecord(null, null, null, null, time, Map.of(), Map.of(), Map.of(), null));
    }

    /** The record of another license; what was seen stays. */
    LicenseRecord forLicense(String key) {
        return new LicenseRecord(key, null, null, null, trusted, seq, lists, removed, null);
    }

    LicenseRecord withLicense(String key) {
        return new LicenseRecord(key, file, validation, null, trusted, seq, lists, removed, list);
    }

    /** The record of the license that a file is installed for; another license has another validation. */
    LicenseRecord withInstalled(String key) {
        boolean isSame = key == null ? licenseKey == null : key.equals(licenseKey);
        return isSame ? withLicense(key) : forLicense(key);
    }

    /** @param signature of an answer of this time */
    LicenseRecord withValidation(String signature, long issuedAt) {
        return new LicenseRecord(licenseKey, file, signature, null, trusted, seq, lists, removed, list).withTrusted(issuedAt);
    }

    LicenseRecord withFile(String text, FileClaims claims) {
        Map<String, Long> seen = Map.of(String.valueOf(claims.activation()), claims.seq());
        return new LicenseRecord(licenseKey, text, validation, refusal, trusted, merge(seq, seen, Math::max), lists, removed,
                list).withTrusted(claims.issuedAt().getEpochSecond());
    }

    LicenseRecord withoutFile() {
        return new LicenseRecord(licenseKey, null, validation, refusal, trusted, seq, lists, removed, null);
    }

    LicenseRecord withRemoved(long activation, Removed given) {
        return new LicenseRecord(licenseKey, file, validation, refusal, trusted, seq, lists,
                merge(removed, Map.of(String.valueOf(activation), given),
                        (one, other) -> other.seq() > one.seq() ? other : one), list);
    }

    LicenseRecord withList(String jws, String uri, long issuedAt) {
        return new LicenseRecord(licenseKey, file, validation, refusal, trusted, seq,
                merge(lists, Map.of(uri, issuedAt), Math::max), removed, jws).withTrusted(issuedAt);
    }

    /** What the checks of a file need. */
    FileCheck.Kept kept() {
        Map<String, Long> given = new LinkedHashMap<>();
        removed.forEach((activation, one) -> given.put(activation, one.seq()));
        return new FileCheck.Kept(trusted, seq, lists, given);
    }

    private static <T> Map<String, T> merge(Map<String, T> one, Map<String, T> other, BiFunction<T, T, T> choose) {
        Map<String, T> both = new LinkedHashMap<>(one);
        other.forEach((name, value) -> both.merge(name, value, choose));
        return both;
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long && (Long) value >= 0;
    }

    private static boolean isTime(Object value) {
        return isWhole(value) && (Long) value <= Claims.LAST_SECOND;
    }

    private static String text(Map<String, Object> given, String name) {
        return given.get(name) instanceof String ? (String) given.get(name) : null;
    }

    private static Map<String, Object> object(Map<String, Object> given, String name) {
        Map<String, Object> object = JsonReader.asObject(given.get(name));
        return object == null ? Map.of() : object;
    }

    private static Map<String, Long> numbers(Map<String, Object> given, String name, Predicate<Object> is) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        object(given, name).forEach((key, value) -> {
            if (is.test(value)) numbers.put(key, (Long) value);
        });
        return numbers;
    }
}
