package io.latchkey.internal.format;

import io.latchkey.PublicKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Signed statements: compact JWS (RFC 7515) of Ed25519 (RFC 8032), verified with keys that are compiled into the app. */
public final class Jws {
    /** A longer text is none of the server's; characters. */
    static final int MAX_LENGTH = 65_536;

    /** The points of small order, without their sign: anyone can sign with them. */
    private static final Set<String> SMALL_ORDER = Set.of(
            "00".repeat(32),
            "01" + "00".repeat(31),
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ec" + "ff".repeat(30) + "7f",
            "ed" + "ff".repeat(30) + "7f",
            "ee" + "ff".repeat(30) + "7f");

    /** The last texts whose signature was right, by key and text: a state is asked for more often than its texts change. */
    private static final Map<String, Boolean> VERIFIED = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 12;
        }
    };

    private Jws() {}

    /**
     * The claims of a signed statement.
     *
     * @param jws three parts with dots between them
     * @param typ the kind of statement; one of another kind is refused
     * @param keys the keys of the product
     * @return the claims
     * @throws Refusal when it is not signed with one of the keys
     */
    static Map<String, Object> verify(String jws, String typ, List<PublicKey> keys) throws Refusal {
        String[] parts = jws.length() <= MAX_LENGTH ? jws.split("\\.", -1) : new String[0];
        if (parts.length != 3) throw new Refusal(Reason.MALFORMED, "The text is no JWS.");
        Map<String, Object> header = Text.decodeObject(parts[0]);
        Map<String, Object> claims = Text.decodeObject(parts[1]);
        byte[] signature = Text.decode(parts[2]);
        if (header.containsKey("crit")) {
            throw new Refusal(Reason.MALFORMED, "The header has crit, which is not known.");
        }
        if (!typ.equals(header.get("typ"))) {
            throw new Refusal(Reason.WRONG_TYPE, "The text is not of the type " + typ + ".");
        }
        if (!"Ed25519".equals(header.get("alg")) && !"EdDSA".equals(header.get("alg"))) {
            throw new Refusal(Reason.WRONG_ALGORITHM, "The text is not signed with Ed25519.");
        }
        PublicKey key = keys.stream().filter(one -> one.kid().equals(header.get("kid"))).findFirst().orElse(null);
        if (key == null) {
            throw new Refusal(Reason.UNKNOWN_KEY, "The text is signed with a key that the app does not know.");
        }
        String signed = parts[0] + "." + parts[1];
        if (!isSigned(key, bytesOf(key), jws, signed, signature)) {
            throw new Refusal(Reason.WRONG_SIGNATURE, "The signature is wrong.");
        }
        return claims;
    }

    /**
     * The bytes of a key that only its owner can sign with.
     *
     * @param key a public key
     * @return 32 bytes
     * @throws Refusal when it is none, or anyone can sign with it
     */
    public static byte[] bytesOf(PublicKey key) throws Refusal {
        byte[] bytes;
        try {
            bytes = Text.decode(key.x());
        } catch (Refusal error) {
            throw new Refusal(Reason.UNKNOWN_KEY, "The public key " + key.kid() + " is not base64url.");
        }
        if (bytes.length != 32) {
            throw new Refusal(Reason.UNKNOWN_KEY, "The public key " + key.kid() + " has not 32 bytes.");
        }
        byte[] unsigned = bytes.clone();
        unsigned[31] &= 0x7f;
        if (SMALL_ORDER.contains(Text.hex(unsigned))) {
            throw new Refusal(Reason.UNKNOWN_KEY, "Anyone can sign with the public key " + key.kid() + ".");
        }
        return bytes;
    }

    private static boolean isSigned(PublicKey key, byte[] bytes, String jws, String signed, byte[] signature) {
        String name = key.x() + "." + jws;
        synchronized (VERIFIED) {
            if (VERIFIED.get(name) != null) return true;
        }
        boolean isSigned = signature.length == 64 && isSignature(bytes, Text.utf8(signed), signature);
        if (isSigned) {
            synchronized (VERIFIED) {
                VERIFIED.put(name, true);
            }
        }
        return isSigned;
    }

    /** Whether a signature of Ed25519 is right. It is wrong with a key that is no point of the curve. */
    static boolean isSignature(byte[] key, byte[] signed, byte[] signature) {
        try {
            byte[] reversed = new byte[32];
            for (int at = 0; at < 32; at++) reversed[at] = key[31 - at];
            boolean isOdd = (reversed[0] & 0x80) != 0;
            reversed[0] &= 0x7f;
            EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, reversed));
            EdECPublicKeySpec spec = new EdECPublicKeySpec(NamedParameterSpec.ED25519, point);
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(spec));
            verifier.update(signed);
            return verifier.verify(Arrays.copyOf(signature, signature.length));
        } catch (GeneralSecurityException | IllegalArgumentException | ArithmeticException error) {
            return false;
        }
    }
}
