package io.latchkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.latchkey.internal.format.Refusal;
import io.latchkey.internal.format.SignedValidation;
import io.latchkey.internal.format.StatusList;
import io.latchkey.internal.format.Text;
import io.latchkey.internal.format.VersionRange;
import io.latchkey.internal.json.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strangers may send: signatures, lists, versions and answers beyond every limit. */
@Timeout(60)
class LimitsTest {
    /** The order of the group of Ed25519. */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final TestVendor vendor;

    LimitsTest() throws Exception {
        vendor = new TestVendor();
    }

    private boolean isVerified(String jws, PublicKey key) {
        try {
            StatusList.read(jws, List.of(key));
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }

    @Test
    void signaturesOfOtherFormsAreWrong() throws Exception {
        String jws = vendor.list(new byte[] {1});
        assertTrue(isVerified(jws, vendor.publicKey));
        String signed = jws.substring(0, jws.lastIndexOf('.') + 1);
        byte[] signature = Text.decode(jws.substring(signed.length()));
        byte[] reversed = new byte[32];
        for (int at = 0; at < 32; at++) reversed[at] = signature[63 - at];
        byte[] greater = new BigInteger(1, reversed).add(ORDER).toByteArray();
        byte[] malleable = signature.clone();
        for (int at = 0; at < 32; at++) malleable[32 + at] = at < greater.length ? greater[greater.length - 1 - at] : 0;
        assertFalse(isVerified(signed + Text.encode(malleable), vendor.publicKey), "S plus the order");
        for (int length : new int[] {0, 1, 63, 65, 1000}) {
            assertFalse(isVerified(signed + Text.encode(Arrays.copyOf(signature, length)), vendor.publicKey));
        }
        assertFalse(isVerified(signed + Text.encode(new byte[64]), vendor.publicKey));
        byte[] high = new byte[64];
        Arrays.fill(high, (byte) 0xff);
        assertFalse(isVerified(signed + Text.encode(high), vendor.publicKey));
        Random random = new Random(7);
        for (int time = 0; time < 200; time++) {
            byte[] edited = signature.clone();
            edited[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertFalse(isVerified(signed + Text.encode(edited), vendor.publicKey));
            byte[] key = new byte[32];
            random.nextBytes(key);
            assertFalse(isVerified(jws, new PublicKey("k1", Text.encode(key))), "a key that may be no point");
        }
    }

    @Test
    void keysOfSmallOrderSignNothing() throws Exception {
        for (int first : new int[] {0, 1, 0xec, 0xed, 0xee}) {
            byte[] key = new byte[32];
            if (first > 1) {
                Arrays.fill(key, (byte) 0xff);
                key[31] = 0x7f;
            }
            key[0] = (byte) first;
            byte[] signature = new byte[64];
            signature[0] = 1;
            String jws = vendor.list(new byte[] {1});
            String forged = jws.substring(0, jws.lastIndexOf('.') + 1) + Text.encode(signature);
            for (int sign : new int[] {0, 0x80}) {
                key[31] |= (byte) sign;
                PublicKey small = new PublicKey("k1", Text.encode(key));
                assertFalse(isVerified(forged, small));
                assertThrows(IllegalArgumentException.class, () -> vendor.client().publicKeys(small).build());
            }
        }
    }

    @Test
    void listsAreInflatedUpToTheirLimit() throws Exception {
        StatusList.read(vendor.list(new byte[16_384]), List.of(vendor.publicKey));
        assertFalse(isVerified(vendor.list(new byte[16_385]), vendor.publicKey));
        assertFalse(isVerified(vendor.list(new byte[20_000_000]), vendor.publicKey), "20 MB in 20 KB");
        byte[] whole = Text.decode("eJxjYGBgAAAABAAB");
        for (int length = 0; length < whole.length; length++) {
            assertFalse(isVerified(vendor.listOf(Arrays.copyOf(whole, length)), vendor.publicKey), "cut at " + length);
        }
        assertFalse(isVerified(vendor.listOf(new byte[] {0x78, (byte) 0xbb, 0, 0, 0, 1}), vendor.publicKey), "a dictionary");
    }

    @Test
    void claimsAreWithinTheirLimits() throws Exception {
        String hash = Text.encode(Text.sha256(TestVendor.LICENSE_KEY));
        String machine = Text.encode(Text.sha256("machine-1"));
        for (String time : List.of("1e999999999", "-1", "1.5", "9007199254740993", "253402300800", "\"1\"", "null", "true",
                "9".repeat(30_000))) {
            String json = "{\"iss\":\"i\",\"iat\":" + time + ",\"nonce\":\"n\",\"product\":\"painter\",\"license\":1,\"key_hash\":\""
                    + hash + "\",\"machine\":\"" + machine + "\",\"valid\":true,\"code\":\"VALID\",\"valid_until\":null,"
                    + "\"grace_ends\":null,\"entitlements\":{},\"max_users\":1}";
            String jws = vendor.signText("license-validation+jwt", json);
            SignedValidation.Sent sent = new SignedValidation.Sent("n", TestVendor.LICENSE_KEY, "machine-1", "painter");
            assertThrows(Refusal.class, () -> SignedValidation.read(jws, sent, List.of(vendor.publicKey)), time);
        }
    }

    @Test
    void versionsOfAnyLengthAreRead() {
        for (String part : List.of("1.", "1.x.", "a-", ">=1 ", "1 - ", "||", "-rc.", "~", "1.2.3-a.b+")) {
            VersionRange.contains("2.1.0", part.repeat(20_000));
            VersionRange.contains(part.repeat(20_000), ">=2.0.0 <3.0.0");
        }
    }

    @Test
    void loneSurrogatesAreWritten() throws Exception {
        assertEquals("\"\\ud800a\\udc00\"", JsonWriter.write("\ud800a\udc00"));
        assertEquals("\ufffd", new String(Text.utf8("\ud800"), "UTF-8"));
        assertEquals("{\"a\":null}", JsonWriter.write(Map.of("a", Double.NaN)));
        try (LicenseClient client = vendor.client().build()) {
            assertEquals(LicenseState.VALID, client.activate(TestVendor.LICENSE_KEY, Map.of("note", "\ud800")).state());
            assertThrows(IllegalArgumentException.class,
                    () -> client.activate(TestVendor.LICENSE_KEY, Map.of("note", new Object())));
            assertEquals(LicenseState.VALID, client.status().state());
        }
    }

    @Test
    void httpAnswersEndAtTheirLimits() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        byte[] block = new byte[65_536];
        Arrays.fill(block, (byte) ' ');
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) exchange.getResponseBody().write(block);
        });
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                pause();
            }
        });
        server.createContext("/bytes", exchange -> {
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write(new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80});
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("location", "http://example.com/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        Transport transport = Transport.http();
        try {
            assertThrows(IOException.class, () -> transport.send(get(url + "/endless", 20)), "the limit");
            long began = System.nanoTime();
            assertThrows(IOException.class, () -> transport.send(get(url + "/slow", 1)));
            assertTrue(System.nanoTime() - began < 10_000_000_000L);
            assertEquals("\ufffd\ufffd\ufffd", transport.send(get(url + "/bytes", 20)).body());
            assertEquals(302, transport.send(get(url + "/moved", 20)).status());
            assertThrows(IOException.class, () -> transport.send(get("http://127.0.0.1:9/", 20)));
        } finally {
            server.stop(0);
        }
    }

    private static Transport.Request get(String url, int seconds) {
        return new Transport.Request("GET", url, Map.of("x-api-key", "key"), null, Duration.ofSeconds(seconds));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
        }
    }
}
