package io.latchkey;

import static io.latchkey.Vectors.list;
import static io.latchkey.Vectors.numbers;
import static io.latchkey.Vectors.object;
import static io.latchkey.Vectors.text;
import static io.latchkey.Vectors.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.latchkey.internal.client.Retry;
import io.latchkey.internal.format.FileCheck;
import io.latchkey.internal.format.OfflineRequest;
import io.latchkey.internal.format.Reason;
import io.latchkey.internal.format.Refusal;
import io.latchkey.internal.format.RemovalCode;
import io.latchkey.internal.format.SignedValidation;
import io.latchkey.internal.format.VersionRange;
import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library comes to the result of each vector. */
class VectorsTest {
    @ParameterizedTest
    @ValueSource(strings = {"signatures", "headers", "claims", "json", "texts", "times", "terms", "devices",
            "encryption", "lists", "revocation", "removals"})
    void licenseFiles(String kind) throws Exception {
        Vectors.compare("file_" + kind, given -> {
            FileCheck.Result result = fileCheck(object(given)).result();
            return expectation(result.state(), result.reason());
        });
    }

    private static Map<String, Object> expectation(LicenseState state, Reason reason) {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("state", state.toString());
        expected.put("reason", reason == null ? null : reason.word());
        return expected;
    }

    private static FileCheck fileCheck(Map<String, Object> given) throws Exception {
        Map<String, Object> app = object(given.get("app"));
        Map<String, Object> device = object(given.get("device"));
        Map<String, Object> kept = object(given.get("kept"));
        Map<String, Long> removed = new LinkedHashMap<>();
        object(kept.get("removed")).forEach((name, one) -> removed.put(name, (Long) object(one).get("seq")));
        List<String> lists = new ArrayList<>();
        for (Object jws : list(given.get("lists"))) lists.add((String) jws);
        long trusted = kept.get("trusted") == null ? 0 : (Long) kept.get("trusted");
        return new FileCheck(text(given, "file"), keys(given),
                new FileCheck.App(text(app, "product"), text(app, "version"), text(app, "released")),
                new Device(text(device, "fingerprint"), texts(device.get("components"))),
                text(device, "license_key"), (Long) given.get("now"),
                new FileCheck.Kept(trusted, numbers(kept.get("seq")), numbers(kept.get("lists")), removed), lists);
    }

    private static List<PublicKey> keys(Map<String, Object> given) {
        List<PublicKey> keys = new ArrayList<>();
        for (Object one : list(given.get("keys"))) {
            Map<String, Object> key = object(one);
            keys.add(new PublicKey(text(key, "kid"), text(key, "x")));
        }
        return keys;
    }

    @Test
    void validations() throws Exception {
        Vectors.compare("validations", value -> {
            Map<String, Object> given = object(value);
            SignedValidation.Sent sent = new SignedValidation.Sent(text(given, "nonce"), text(given, "license_key"),
                    text(given, "fingerprint"), text(given, "product"));
            try {
                return Map.of("code", SignedValidation.read(text(given, "signature"), sent, keys(given)).code());
            } catch (Refusal refusal) {
                return Map.of("reason", refusal.reason().word());
            }
        });
    }

    @Test
    void removalCodes() throws Exception {
        Vectors.compare("removal_codes", value -> {
            Map<String, Object> given = object(value);
            return RemovalCode.of(new FileClaims(given));
        });
    }

    @Test
    void devices() throws Exception {
        Vectors.compare("devices", value -> {
            Map<String, Object> given = object(value);
            Map<String, String> parts = new LinkedHashMap<>();
            for (Object part : list(given.get("parts"))) parts.put((String) list(part).get(0), (String) list(part).get(1));
            Device device;
            try {
                device = Devices.deviceOf(text(given, "product"), parts);
            } catch (IllegalArgumentException error) {
                return null;
            }
            return Map.of("fingerprint", device.fingerprint(), "components", device.components());
        });
    }

    @Test
    void licenseKeys() throws Exception {
        Vectors.compare("license_keys", given -> {
            LicenseKey key = LicenseKey.read((String) given);
            if (key == null) return null;
            return Map.of("text", key.text(), "canonical", key.canonical(), "checksum_mismatch", key.checksumMismatch());
        });
    }

    @Test
    void versions() throws Exception {
        Vectors.compare("versions", value -> {
            Map<String, Object> given = object(value);
            return VersionRange.contains(text(given, "version"), text(given, "range"));
        });
    }

    @Test
    void offlineRequests() throws Exception {
        Vectors.compare("offline_requests", given -> OfflineRequest.write(object(given)));
    }

    @Test
    void retries() throws Exception {
        Vectors.compare("retries", value -> {
            Map<String, Object> given = object(value);
            double now = ((Number) given.get("now")).doubleValue();
            List<Object> delays = new ArrayList<>();
            while (true) {
                Map<String, Object> outcome = object(list(given.get("outcomes")).get(delays.size()));
                int status = ((Long) outcome.get("status")).intValue();
                double random = ((Number) list(given.get("random")).get(delays.size())).doubleValue();
                OptionalDouble delay = Retry.delay(status, text(outcome, "retry_after"), delays.size() + 1, random, now,
                        RetryPolicy.DEFAULT);
                if (delay.isEmpty()) return Map.of("delays", delays, "status", (long) status);
                delays.add(delay.getAsDouble());
                now += delay.getAsDouble();
            }
        });
    }

    @Test
    void jsonIsReadWithinLimits() throws Exception {
        assertEquals(1000L, JsonReader.read("1e3"));
        assertEquals(Double.POSITIVE_INFINITY, JsonReader.read("1e999999999"));
        for (String text : List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "01", "1.", "+1", "NaN", "\"\\x\"", "'a'",
                "[1,]", "{,}", "\ufeff{}", "{\"a\" 1}", "\"\u0001\"", "tru", "", "1 2", "-", "\"\\u12g4\"", "\"\\u１２３４\"")) {
            assertThrows(JsonException.class,
                    () -> JsonReader.read(text), text);
        }
    }
}
