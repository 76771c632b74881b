package io.latchkey.internal.format;

import static io.latchkey.internal.format.Claims.BOOLEAN;
import static io.latchkey.internal.format.Claims.DAY_OR_NULL;
import static io.latchkey.internal.format.Claims.OBJECT;
import static io.latchkey.internal.format.Claims.TEXT;
import static io.latchkey.internal.format.Claims.TIME;
import static io.latchkey.internal.format.Claims.WHOLE;
import static io.latchkey.internal.format.Claims.orNull;

import io.latchkey.PublicKey;
import io.latchkey.internal.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A signed validation: what the server says of a license, in a form that no other server can give.
 *
 * @param issuedAt the server's time; seconds since 1970
 * @param valid whether the license may be used on this device
 * @param code the server's code
 * @param validUntil last day in UTC, {@code YYYY-MM-DD}; null: never expires, or no license
 * @param graceEnds last day of grace; null: none
 * @param entitlements by name
 * @param maxUsers concurrent users; null: no license was found
 */
public record SignedValidation(long issuedAt, boolean valid, String code, String validUntil, String graceEnds,
        Map<String, Object> entitlements, Long maxUsers) {
    private static final Map<String, Predicate<Object>> CHECKS = checks();

    /**
     * What the app sent, with which the claims are compared.
     *
     * @param nonce null: the validation was saved, and its nonce was compared before
     * @param licenseKey as it was sent
     * @param fingerprint of the device
     * @param product the product's code
     */
    public record Sent(String nonce, String licenseKey, String fingerprint, String product) {}

    /**
     * Reads the signature of an answer.
     *
     * @param signature a JWS
     * @param sent what the app sent
     * @param keys the keys of the product
     * @return its claims
     * @throws Refusal for one that is forged, edited or of another call
     */
    public static SignedValidation read(String signature, Sent sent, List<PublicKey> keys) throws Refusal {
        Map<String, Object> claims = Jws.verify(signature, "license-validation+jwt", keys);
        Claims.require(claims, CHECKS);
        if (sent.nonce() != null && !sent.nonce().equals(claims.get("nonce"))) {
            throw new Refusal(Reason.OTHER_NONCE, "The answer is to another call.");
        }
        if (!digest(sent.licenseKey()).equals(claims.get("key_hash"))) {
            throw new Refusal(Reason.OTHER_KEY, "The answer is about another license key.");
        }
        if (!digest(sent.fingerprint()).equals(claims.get("machine"))) {
            throw new Refusal(Reason.OTHER_MACHINE, "The answer is about another device.");
        }
        // An API key for all products does not tell the product of a license that was not found.
        boolean isUnknown = claims.get("product") == null && claims.get("license") == null;
        if (!sent.product().equals(claims.get("product")) && !isUnknown) {
            throw new Refusal(Reason.OTHER_PRODUCT, "The answer is about another product.");
        }
        return new SignedValidation((Long) claims.get("iat"), (Boolean) claims.get("valid"),
                (String) claims.get("code"), (String) claims.get("valid_until"), (String) claims.get("grace_ends"),
                JsonReader.asObject(claims.get("entitlements")), (Long) claims.get("max_users"));
    }

    private static String digest(String text) {
        return Text.encode(Text.sha256(text));
    }

    private static Map<String, Predicate<Object>> checks() {
        Map<String, Predicate<Object>> checks = new LinkedHashMap<>();
        checks.put("iss", TEXT);
        checks.put("iat", TIME);
        checks.put("nonce", TEXT);
        checks.put("product", orNull(TEXT));
        checks.put("license", orNull(WHOLE));
        checks.put("key_hash", orNull(TEXT));
        checks.put("machine", orNull(TEXT));
        checks.put("valid", BOOLEAN);
        checks.put("code", TEXT);
        checks.put("valid_until", DAY_OR_NULL);
        checks.put("grace_ends", DAY_OR_NULL);
        checks.put("entitlements", OBJECT);
        checks.put("max_users", orNull(WHOLE));
        return checks;
    }
}
