package io.latchkey;

import io.latchkey.internal.format.Text;
import io.latchkey.internal.json.JsonReader;
import io.latchkey.internal.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;

/** A vendor with a key of its own, whose server is a transport. */
final class TestVendor implements Transport {
    static final String LICENSE_KEY = "TEST-TEST-TEST-TEST";
    static final String LIST = "https://licenses.example.com/.well-known/license-status/1-0";

    final PublicKey publicKey;
    final AtomicInteger requests = new AtomicInteger();
    /** What happens to requests in place of honest answers. */
    volatile Transport disturbance;
    /** Members of the next validations and files that are other than usual. */
    volatile Map<String, Object> validation = Map.of();
    volatile Map<String, Object> file = Map.of();
    volatile boolean hasFile = true;

    private final KeyPair keys;

    TestVendor() throws GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = keys.getPublic().getEncoded();
        publicKey = new PublicKey("k1", Text.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }

    LicenseClientBuilder client() {
        return LicenseClient.builder().url("https://licenses.example.com").apiKey("key").product("painter").version("2.1.0")
                .released("2026-02-15").publicKeys(publicKey).device(new Device("machine-1")).transport(this)
                .retries(RetryPolicy.DEFAULT.withAttempts(1)).timeout(Duration.ofSeconds(2));
    }

    @Override
    public Response send(Request request) throws IOException, InterruptedException {
        requests.incrementAndGet();
        Transport other = disturbance;
        return other == null ? honest(request) : other.send(request);
    }

    Response honest(Request request) throws IOException {
        try {
            if (!request.url().endsWith("/verify")) return new Response(200, Map.of(), "{\"message\":\"done\"}");
            Map<String, Object> sent = JsonReader.readObject(request.body());
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("signature", sign("license-validation+jwt", validation((String) sent.get("nonce"))));
            if (hasFile) answer.put("license_file", file());
            return new Response(200, Map.of(), JsonWriter.write(answer));
        } catch (Exception error) {
            throw new IOException(error);
        }
    }

    private Map<String, Object> validation(String nonce) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://licenses.example.com");
        claims.put("iat", now());
        claims.put("nonce", nonce);
        claims.put("product", "painter");
        claims.put("license", 12L);
        claims.put("key_hash", Text.encode(Text.sha256(LICENSE_KEY)));
        claims.put("machine", Text.encode(Text.sha256("machine-1")));
        claims.put("valid", true);
        claims.put("code", "VALID");
        claims.put("valid_until", null);
        claims.put("grace_ends", null);
        claims.put("entitlements", Map.of("export", true));
        claims.put("max_users", 1L);
        claims.putAll(validation);
        return claims;
    }

    /** A license file for the device of the client. */
    String file() throws GeneralSecurityException {
        String salt = "AAECAwQFBgcICQoLDA0ODw";
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://licenses.example.com");
        claims.put("iat", now());
        claims.put("nbf", now());
        claims.put("exp", now() + 86_400 * 30);
        claims.put("jti", "5f8c1b6e");
        claims.put("seq", now());
        claims.put("product", "painter");
        claims.put("license", 12L);
        claims.put("activation", 34L);
        claims.put("state", "active");
        claims.put("license_ends", null);
        claims.put("grace_ends", null);
        claims.put("after_expiry", "refuse");
        claims.put("updates_until", null);
        claims.put("versions", null);
        claims.put("max_users", 1L);
        claims.put("entitlements", Map.of("export", true));
        claims.put("metadata", Map.of());
        Map<String, Object> customer = new LinkedHashMap<>(Map.of("name", "Lumen Ltd"));
        customer.put("company", null);
        claims.put("customer", customer);
        claims.put("machine", Map.of("match", "exact", "salt", salt, "fingerprint",
                Text.encode(Text.sha256(salt + "\nfingerprint\nmachine-1")), "components", Map.of()));
        claims.put("status", Map.of("uri", LIST, "idx", 9L));
        claims.put("removal", Text.encode(new byte[32]));
        claims.putAll(file);
        return "-----BEGIN LATCHKEY LICENSE-----\n" + sign("license-file+jwt", claims) + "\n-----END LATCHKEY LICENSE-----\n";
    }

    /** A status list of these bytes. */
    String list(byte[] bits) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(compressed)) {
            deflater.write(bits);
        }
        return listOf(compressed.toByteArray());
    }

    String listOf(byte[] compressed) throws GeneralSecurityException {
        return sign("statuslist+jwt", Map.of("sub", LIST, "iat", now(), "exp", now() + 1_000_000, "ttl", 60L, "status_list",
                Map.of("bits", 1L, "lst", Text.encode(compressed))));
    }

    String sign(String typ, Map<String, Object> claims) throws GeneralSecurityException {
        return signText(typ, JsonWriter.write(claims));
    }

    String signText(String typ, String json) throws GeneralSecurityException {
        String header = JsonWriter.write(Map.of("alg", "Ed25519", "kid", "k1", "typ", typ));
        String signed = Text.encode(Text.utf8(header)) + "." + Text.encode(Text.utf8(json));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(Text.utf8(signed));
        return signed + "." + Text.encode(signer.sign());
    }

    static long now() {
        return System.currentTimeMillis() / 1000;
    }

    static Response answer(int status, String body) {
        return new Response(status, Map.of(), body);
    }

    static final List<String> NO_JSON = List.of("", "null", "[]", "\"text\"", "{", "<h1>Sign in</h1>", "[".repeat(200_000),
            "{\"a\":".repeat(200_000), "\ufffd", "{\"signature\":" + "9".repeat(100_000) + "}");
}
