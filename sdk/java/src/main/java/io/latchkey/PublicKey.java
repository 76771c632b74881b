package io.latchkey;

import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A public key of the product, as {@code /.well-known/jwks/{product}.json} of the server has it. Compile it into the app;
 * never read it from a place that the user can write to.
 *
 * @param kid the id of the key
 * @param x the key's 32 bytes in base64url
 */
public record PublicKey(String kid, String x) {
    /**
     * A public key.
     *
     * @param kid the id of the key
     * @param x the key's 32 bytes in base64url; others are refused by {@link LicenseClientBuilder#build}
     */
    public PublicKey {
        Objects.requireNonNull(kid, "kid");
        Objects.requireNonNull(x, "x");
    }

    /**
     * Reads keys that are compiled in as JSON.
     *
     * @param json a JWK set as the server publishes it, a list of JWKs, or one JWK
     * @return the keys; members other than {@code kid} and {@code x} are ignored
     * @throws IllegalArgumentException for a text that is none of these
     */
    public static List<PublicKey> parse(String json) {
        Object value;
        try {
            value = JsonReader.read(Objects.requireNonNull(json, "json"));
        } catch (JsonException error) {
            throw new IllegalArgumentException("The public keys are not JSON: " + error.getMessage());
        }
        Map<String, Object> object = JsonReader.asObject(value);
        if (object != null) value = object.containsKey("keys") ? object.get("keys") : List.of(object);
        if (!(value instanceof List)) throw new IllegalArgumentException("The JSON has no public keys.");
        List<PublicKey> keys = new ArrayList<>();
        for (Object one : (List<?>) value) {
            Map<String, Object> key = JsonReader.asObject(one);
            if (key == null || !(key.get("kid") instanceof String) || !(key.get("x") instanceof String)) {
                throw new IllegalArgumentException("A public key has no kid or no x.");
            }
            keys.add(new PublicKey((String) key.get("kid"), (String) key.get("x")));
        }
        return List.copyOf(keys);
    }
}
