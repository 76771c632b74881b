package io.latchkey.internal.format;

import static io.latchkey.internal.format.Claims.DAY_OR_NULL;
import static io.latchkey.internal.format.Claims.OBJECT;
import static io.latchkey.internal.format.Claims.TEXT;
import static io.latchkey.internal.format.Claims.TIME;
import static io.latchkey.internal.format.Claims.WHOLE;
import static io.latchkey.internal.format.Claims.members;
import static io.latchkey.internal.format.Claims.orNull;

import io.latchkey.FileClaims;
import io.latchkey.PublicKey;
import io.latchkey.internal.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The text of a license file, and its claims once its signature is verified. */
public final class LicenseFile {
    private static final String BEGIN = "-----BEGIN LATCHKEY LICENSE-----";
    private static final String END = "-----END LATCHKEY LICENSE-----";
    /** A longer text is no license file; bytes. */
    private static final int MAX_LENGTH = 65_536;

    private static final Set<Object> MATCHES = Set.of("exact", "any", "two", "most", "all");
    private static final Set<Object> AFTER_EXPIRY = Set.of("refuse", "entitled_versions", "allow");
    private static final Map<String, Predicate<Object>> CHECKS = checks();

    private LicenseFile() {}

    /**
     * The claims of a file.
     *
     * @param text with its markers, and anything around them
     * @param licenseKey of an encrypted file, as it was sent to the server; null: not known
     * @param fingerprint of the device
     * @param keys the keys of the product
     * @return the claims, all there and of their types
     * @throws Refusal for a text that is not signed with one of the keys, or encrypted for another device
     */
    public static FileClaims read(String text, String licenseKey, String fingerprint, List<PublicKey> keys)
            throws Refusal {
        String content = contentOf(text);
        String jws = EncryptedFile.isEncrypted(content)
                ? EncryptedFile.decrypt(content, licenseKey == null ? "" : licenseKey, fingerprint)
                : content;
        Map<String, Object> claims = Jws.verify(jws, "license-file+jwt", keys);
        Claims.require(claims, CHECKS);
        if (Text.decode((String) claims.get("removal")).length != 32) {
            throw new Refusal(Reason.MALFORMED, "The claim removal has not 32 bytes.");
        }
        return new FileClaims(claims);
    }

    /** The JWS or JWE between the first BEGIN and the next END. */
    private static String contentOf(String text) throws Refusal {
        if (text.length() > MAX_LENGTH || Text.utf8(text).length > MAX_LENGTH) {
            throw new Refusal(Reason.MALFORMED, "The text is too long for a license file.");
        }
        int begin = text.indexOf(BEGIN);
        int end = begin < 0 ? -1 : text.indexOf(END, begin + BEGIN.length());
        if (end < 0) throw new Refusal(Reason.MALFORMED, "The text has no license file, or not all of it.");
        return text.substring(begin + BEGIN.length(), end).replaceAll("[ \t\r\n]", "");
    }

    private static Map<String, Predicate<Object>> checks() {
        Map<String, Predicate<Object>> checks = new LinkedHashMap<>();
        checks.put("iss", TEXT);
        checks.put("iat", TIME);
        checks.put("nbf", TIME);
        checks.put("exp", TIME);
        checks.put("jti", TEXT);
        checks.put("seq", WHOLE);
        checks.put("product", TEXT);
        checks.put("license", WHOLE);
        checks.put("activation", WHOLE);
        checks.put("state", TEXT);
        checks.put("license_ends", DAY_OR_NULL);
        checks.put("grace_ends", DAY_OR_NULL);
        checks.put("after_expiry", value -> value != null && AFTER_EXPIRY.contains(value));
        checks.put("updates_until", DAY_OR_NULL);
        checks.put("versions", orNull(TEXT));
        checks.put("max_users", WHOLE);
        checks.put("entitlements", OBJECT);
        checks.put("metadata", OBJECT);
        checks.put("customer", members(Map.of("name", TEXT, "company", orNull(TEXT))));
        checks.put("machine", members(Map.of(
                "match", value -> value != null && MATCHES.contains(value),
                "salt", TEXT,
                "fingerprint", TEXT,
                "components", value ->
                        OBJECT.test(value) && JsonReader.asObject(value).values().stream().allMatch(TEXT))));
        checks.put("status", members(Map.of("uri", TEXT, "idx", WHOLE)));
        checks.put("removal", TEXT);
        return checks;
    }
}
